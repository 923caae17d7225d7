#!/bin/bash
# lab/lab status: exit code 3 if not up
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if ! recorded "$GUEST" > /dev/null; then
  echo "lvs: down ($STATE)"
  exit 3
fi
if ! lab_is_up; then
  echo "lvs: half up, or coming up ($STATE)"
  exit 3
fi
echo "lvs: up ($STATE), guest $(guest_pid)"
for host in $(host_names); do echo "  $host: $(address "$host") $(role "$host")"; done
