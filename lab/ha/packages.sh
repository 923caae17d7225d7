#!/bin/bash
# lab/lab packages ha
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/check.sh"
check_system
need_packages "$HA/packages"
