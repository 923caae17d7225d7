#!/bin/bash
# lab/lab shell HOST [COMMAND...]: on the host, as root, by ssh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
guest_pid > /dev/null
[ $# -gt 1 ] || exec ssh -F "$PART/ssh/config" "$1"
on "$@"
