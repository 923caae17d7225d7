#!/bin/bash
# lab/lab down: ends the lab, whatever state it is in. Keys, certificates and configuration stay (lab/lab clean).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/lock.sh"

[ -e "$RUN" ] || exit 0
need_root
# first without the lock, so that an "up" that is under way fails at once instead of being waited for
end_lab
lock
end_lab
rm -rf "$RUN"
say "down ($STATE)"
