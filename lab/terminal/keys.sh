#!/bin/bash
# lab/lab keys HOST TEXT...: presses the keys of a US keyboard; <ret>, <f10>, <ctrl-alt-f2> are keys by QEMU's names
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
need_lab
need_power "$1"
host=$1
shift
[ $# -gt 0 ] || fail "keys $host TEXT..."
exec "$TERMINAL/qmp" "$SOCKET" keys "$@"
