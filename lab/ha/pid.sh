#!/bin/bash
# lab/lab pid HOST init|sshd|corosync|pacemakerd|heartbeat|keepalived|slapd: the pid as it is out here, for a test that stops or kills it
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$HA/daemons.sh"
need_root
host_pid "$1" > /dev/null
process "$1" "${2:?which process?}" || fail "$2 does not run on host $1"
