#!/bin/bash
# lab/lab restart HOST sshd|corosync|pacemakerd|heartbeat|keepalived: ends the daemon if it runs, and starts it
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$HA/daemons.sh"
need_root
host=$1 daemon=${2:-}
host_pid "$host" > /dev/null
[[ " $(daemons "$host") " == *" $daemon "* ]] || fail "restart $host $(daemons "$host" | tr ' ' '|')"

gone() { ! process "$host" "$daemon" > /dev/null; }
if pid=$(process "$host" "$daemon"); then
  kill -TERM "$pid"
  kill -CONT "$pid" 2> /dev/null || true # gone already
  await 10 gone || kill -KILL "$pid"
  await "$SLOW" gone || fail "host $host: $daemon ($pid) does not end"
fi
"start_$daemon" "$host" < /dev/null > /dev/null
say "host $host: $daemon runs ($(process "$host" "$daemon"))"
