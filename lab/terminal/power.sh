#!/bin/bash
# lab/lab power HOST on [classical] | off: off is what pulling the plug is; classical, it is an X server and nothing else
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/lock.sh"
. "$TERMINAL/on.sh"
need_root
need_lab
lock
case "${*:2}" in
  on | 'on classical')
    if recorded "$GUEST" > /dev/null; then say "$1 is on already" && exit; fi
    power_on "$1" "${3:-}"
    ;;
  off) end "$GUEST" ;;
  *) fail "power $1 on, on classical, or off?" ;;
esac
