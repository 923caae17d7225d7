#!/bin/bash
# lab/lab status: without asking the daemons, which may have been stopped on purpose. Exit code 3 if not up.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$AUTH/daemons.sh"
. "$LAB/common/launch.sh"

if ! recorded "$LAUNCHER" > /dev/null && ! recorded "$FIRST" > /dev/null; then
  echo "auth: down ($STATE)"
  exit 3
fi
code=0
if lab_is_up; then
  echo "auth: up ($STATE)"
else
  echo "auth: half up, or coming up ($STATE)"
  code=3
fi
for host in $(host_names); do
  if ! recorded "$RUN/$host/init.pid" > /dev/null; then
    echo "  $host: off"
    continue
  fi
  line="  $host: $(address "$host")"
  for daemon in $(daemons "$host"); do line+=", $daemon $(describe "$host" "$daemon")"; done
  echo "$line"
done
exit "$code"
