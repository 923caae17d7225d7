#!/bin/bash
# lab/lab photo HOST: what its screen shows, as PNG on standard output
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need_root
need_lab
need_power "$1"
picture=$(mktemp "$RUN/photo.XXXXXX")
trap 'rm -f "$picture"' EXIT
"$TERMINAL/qmp" "$SOCKET" photo "$picture"
cat "$picture"
