#!/bin/bash
# lab/lab clean: down, and removes what down keeps; not the image, which is for all labs
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/config.sh"
"$DESKTOP/down.sh"
forget_part
