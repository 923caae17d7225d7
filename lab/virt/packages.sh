#!/bin/bash
# lab/lab packages virt
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$VIRT/check.sh"
check_system
need_packages "$VIRT/packages"
