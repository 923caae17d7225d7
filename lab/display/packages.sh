#!/bin/bash
# lab/lab packages display
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/check.sh"
check_system
need_packages "$DISPLAY_PART/packages"
