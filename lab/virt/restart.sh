#!/bin/bash
# lab/lab restart HOST sshd|libvirtd: ends the daemon if it runs, and starts it
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$VIRT/daemons.sh"
need_root
host=$1 daemon=${2:-}
case $daemon in sshd | libvirtd) ;; *) fail 'restart HOST sshd|libvirtd' ;; esac
host_pid "$host" > /dev/null

gone() { ! process "$host" "$daemon" > /dev/null; }
if pid=$(process "$host" "$daemon"); then
  kill -TERM "$pid"
  kill -CONT "$pid" 2> /dev/null || true # gone already
  await 5 gone || kill -KILL "$pid"
  await "$SLOW" gone || fail "host $host: $daemon ($pid) does not end"
fi
"start_$daemon" "$host" < /dev/null > /dev/null
say "host $host: $daemon runs ($(process "$host" "$daemon"))"
