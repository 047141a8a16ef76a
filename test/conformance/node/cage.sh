#!/usr/bin/env bash
# cage.sh DIRECTORY CGROUP
#
# Keeps namespaces of its own (network, mounts, processes, IPC, host name) for a whole cluster until it is told to end or
# the process that started it is gone, then ends all that runs in them and removes the cgroups named CGROUP. There is no
# way out of the network namespace. The id of the first process in it is written to DIRECTORY/pid.
set -euo pipefail

directory=$1
cgroup=$2
parent=$PPID
holder=

# What every process in the cage finds: a fresh /run, /var/lib and /var/log, and only the network's part of /proc/sys to
# write to. A kubelet sets some of the machine's own parameters: it finds them set already, in files that hide them.
# shellcheck disable=SC2016
readonly inside='
  set -e
  for place in /run /var/lib /var/log; do mount -t tmpfs -o mode=755 tmpfs "$place"; done
  mount --make-shared /run
  mount --bind /proc/sys /proc/sys
  mount --bind /proc/sys/net /proc/sys/net
  mkdir /run/parameters
  for parameter in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    file=/run/parameters/$(basename "${parameter%=*}")
    echo "${parameter#*=}" > "$file"
    mount --bind "$file" "/proc/sys/${parameter%=*}"
  done
  mount -o remount,bind,ro /proc/sys
  hostname node
  echo ready > "$0/ready"
  # A shell that waits collects the processes that lose their parent.
  while :; do sleep 3600 & wait $! || true; done
'

# The roots of the cgroup trees: one of version 2, or one for each controller.
trees() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    dirname /sys/fs/cgroup/*/cgroup.procs
  fi
}

groups() { trees | while read -r tree; do [ ! -d "$tree/$cgroup" ] || echo "$tree/$cgroup"; done; }

clean() {
  trap '' INT TERM
  [ -z "$holder" ] || kill -KILL "$holder" 2>/dev/null || true
  wait 2>/dev/null || true
  local tries=0
  while [ -n "$(groups)" ] && [ $((tries += 1)) -le 40 ]; do
    groups | while read -r group; do find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; done
    [ -z "$(groups)" ] || sleep 0.1
  done
}
trap clean EXIT
trap 'exit 143' TERM INT HUP

trees | while read -r tree; do mkdir "$tree/$cgroup"; done
# Processors and memory must be handed down before a process may enter a set of them.
for file in cpuset.cpus cpuset.mems; do
  [ ! -e "/sys/fs/cgroup/cpuset/$file" ] || cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset/$cgroup/$file"
done

setpriv --pdeathsig KILL \
  unshare --net --mount --pid --ipc --uts --fork --kill-child --mount-proc -- bash -c "$inside" "$directory" &
holder=$!
while [ ! -e "$directory/ready" ]; do
  kill -0 "$holder" 2>/dev/null || exit 1
  sleep 0.05
done
pgrep -P "$holder" >"$directory/pid.new"
mv "$directory/pid.new" "$directory/pid"
while kill -0 "$parent" 2>/dev/null && kill -0 "$holder" 2>/dev/null; do sleep 0.5; done
