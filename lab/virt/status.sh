#!/bin/bash
# lab/lab status: without asking libvirtd, which may have been stopped on purpose. Exit code 3 if not up.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$VIRT/daemons.sh"
. "$LAB/common/status.sh"

for host in $(host_names); do
  if ! recorded "$RUN/$host/init.pid" > /dev/null; then
    echo "  $host: off"
    continue
  fi
  echo "  $host: $(address "$host"), sshd $(describe "$host" sshd), libvirtd $(describe "$host" libvirtd)"
  for file in "/proc/$(host_pid "$host")/root/run/libvirt/qemu"/*.pid; do
    guest=$(basename "$file" .pid)
    if [ -e "$file" ] && [ "$guest" != driver ]; then echo "     $guest $(describe "$host" "$guest")"; fi
  done
done
exit "$code"
