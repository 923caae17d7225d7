#!/bin/bash
# lab/lab clean: down, and removes what down keeps
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/config.sh"
"$HA/down.sh"
forget_part
