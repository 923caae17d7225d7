#!/bin/bash
# lab/lab clean: down, and removes what down keeps
set -euo pipefail
. "$(dirname "$0")/lib.sh"
"$AUTH/down.sh"
rm -rf "$PART"
rm -f "$STATE"/{vdd.yaml,ssh_config}
rmdir "$STATE" 2> /dev/null || true
