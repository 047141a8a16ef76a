#!/usr/bin/env bash
# run.sh ROOT USER OUTPUT ERRORS COMMAND...
#
# Runs a container's command as its user, without any privilege. What it writes goes to files that are its user's, as a
# container's goes to pipes that are.
set -euo pipefail

root=$1
user=$2
output=$3
errors=$4
shift 4

touch "$output" "$errors"
chown "$user" "$output" "$errors"
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --bounding-set=-all \
  --inh-caps=-all -- "$@" >>"$output" 2>>"$errors"
