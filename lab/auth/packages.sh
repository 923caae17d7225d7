#!/bin/bash
# lab/lab packages auth
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$AUTH/check.sh"
check_system
need_packages "$AUTH/packages"
