#!/bin/bash
# lab/lab packages desktop
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/image.sh"
use_image desktop
need_root
"$LAB/virt/packages.sh"
"$LAB/display/packages.sh"
need_packages "$DESKTOP/packages"
image_is_right || build_image
