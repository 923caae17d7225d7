#!/bin/bash
# lab/lab packages display
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$DISPLAY_PART/check.sh"
check_system
need_packages "$DISPLAY_PART/packages"
