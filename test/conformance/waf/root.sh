#!/usr/bin/env bash
# root.sh ROOT FILES RULES
#
# Makes the file system that the firewall's container sees, in a mount namespace of its own: this machine's programs, the
# files of its ConfigMap, the core rule set, a name server, and /tmp as the only place to write to.
set -euo pipefail

root=$1
files=$2
rules=$3

mkdir -p "$root"
mount -t tmpfs -o mode=755 tmpfs "$root"
cd "$root"
mkdir -p dev proc tmp usr etc/waf etc/alternatives opt/owasp-crs
for directory in bin lib lib64 sbin; do ln -s "usr/$directory" "$directory"; done
for device in null zero urandom; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount --bind /proc proc
printf 'search ingress.svc.cluster.local svc.cluster.local cluster.local\nnameserver 127.0.0.1\noptions ndots:5\n' \
  >etc/resolv.conf
read_only() {
  mount --bind "$1" "$2"
  mount -o remount,bind,ro "$2"
}
read_only /usr usr
read_only /etc/alternatives etc/alternatives
read_only "$files" etc/waf
read_only "$rules" opt/owasp-crs
mount -t tmpfs -o size=64m,mode=1777 tmpfs tmp
mount -o remount,ro "$root"
