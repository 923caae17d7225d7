#!/bin/bash
# lab/lab packages terminal
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/image.sh"
use_image terminal
need_root
"$LAB/display/packages.sh"
need_packages "$TERMINAL/packages"
image_is_right || build_image
