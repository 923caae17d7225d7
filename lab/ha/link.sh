#!/bin/bash
# lab/lab link HOST up|down: the host's cable to the others
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
case ${2:-} in up | down) ;; *) fail "link $1 up|down" ;; esac
host_pid "$1" > /dev/null
pid=$(console_pid)
nsenter -t "$pid" -n ip link set "host-$1" "$2"
