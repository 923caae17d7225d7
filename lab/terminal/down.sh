#!/bin/bash
# lab/lab down: switches the terminal off, and forgets it. The displays stay.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/lock.sh"

[ -e "$RUN" ] || exit 0
need_root
# first without the lock, so that an "up" that is under way fails at once instead of being waited for
end "$GUEST" || fail "the guest does not end ($RUN)"
lock
end "$GUEST" || fail "the guest does not end ($RUN)"
rm -rf "$RUN"
say "down ($STATE)"
