#!/bin/bash
# lab/lab restart HOST sshd|slapd|freeradius: ends the daemon if it runs, and starts it
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$AUTH/daemons.sh"
need_root
host=$1 daemon=${2:-}
host_pid "$host" > /dev/null
[[ $daemon =~ ^[a-z]+$ && " $(daemons "$host") " == *" $daemon "* ]] || fail "restart $host $(daemons "$host" | tr ' ' '|')"

gone() { ! process "$host" "$daemon" > /dev/null; }
case $daemon in
  slapd) enter "$host" lab-serve stop ldap ;;
  freeradius) enter "$host" lab-serve stop radius ;;
  sshd)
    if pid=$(process "$host" sshd); then
      kill -TERM "$pid"
      kill -CONT "$pid" 2> /dev/null || true # gone already
      await 5 gone || kill -KILL "$pid"
    fi
    ;;
esac
await "$SLOW" gone || fail "host $host: $daemon does not end"
"start_$daemon" "$host" < /dev/null > /dev/null
say "host $host: $daemon runs ($(process "$host" "$daemon"))"
