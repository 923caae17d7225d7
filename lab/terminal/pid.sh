#!/bin/bash
# lab/lab pid HOST init: the pid of its QEMU; killing it is a power cut
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
[ "${2:-}" = init ] || fail "pid $1 init"
need_power "$1"
recorded "$GUEST"
