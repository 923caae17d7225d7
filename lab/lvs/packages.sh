#!/bin/bash
# lab/lab packages lvs
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/image.sh"
use_image lvs
need_root
need_packages "$LVS/packages"
image_is_right || build_image
