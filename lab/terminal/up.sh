#!/bin/bash
# lab/lab up terminal: and the displays, if they are not up
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/packages.sh"
. "$LAB/common/lock.sh"
. "$TERMINAL/on.sh"

clean_up() {
  local code=$?
  [ "$code" = 0 ] && return
  end "$GUEST" || true
  [ -d "$RUN" ] && say "up failed; everything it started was ended, its logs are in $RUN"
  exit "$code"
}

need_root
[ -c /dev/net/tun ] || skip 'needs /dev/net/tun, by which a guest is on the bridge'
need_packages "$TERMINAL/packages"
"$LAB/display/status.sh" > /dev/null || "$LAB/display/up.sh"
lock
if lab_is_up; then
  say "already up ($STATE)"
  exit 0
fi
end "$GUEST" || fail 'an earlier guest does not end'
rm -rf "$RUN"
image_is_right || build_image
began=${EPOCHREALTIME/./}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

say "$(host_names | xargs): a thin client under QEMU ($STATE)"
mkdir -p "$RUN"
for host in $(host_names); do power_on "$host"; done
cp "$CONSOLE_RECORD" "$RUN/ready"
ms=$(((${EPOCHREALTIME/./} - began) / 1000))
say "up in $((ms / 1000)).$((ms % 1000 / 100)) s; now: lab/lab photo term3 > screen.png; lab/lab keys term3 'anna<ret>'"
