#!/bin/bash
# lab/lab power HOST on|off: off is a power cut; on boots it, with the disks that it had, and starts its daemons
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$HA/switch.sh"
. "$HA/daemons.sh"
need_root
host=$1
console=$(console_pid)
case ${2:-} in
  off) switch_off "$host" ;;
  on)
    recorded "$RUN/$host/init.pid" > /dev/null && fail "host $host is on"
    # in the part's namespaces, so that it ends with them
    nsenter -t "$console" -n -m -p -- bash "$HA/boot.sh" "$STATE" "$host"
    await "$SLOW" test -e "$RUN/$host/booted" || fail "host $host did not come up ($RUN/$host/init.log)"
    start_daemons "$host"
    ;;
  *) fail "power $host on|off" ;;
esac
