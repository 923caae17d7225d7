#!/bin/bash
# lab/lab status: without asking the daemons, which may have been stopped on purpose. Exit code 3 if not up.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$HA/daemons.sh"
. "$LAB/common/status.sh"

for host in $(host_names); do
  if ! recorded "$RUN/$host/init.pid" > /dev/null; then
    echo "  $host: off"
    continue
  fi
  line=
  for daemon in $(daemons "$host"); do line+=", $daemon $(describe "$host" "$daemon")"; done
  echo "  $host: $(address "$host")$line"
done
exit "$code"
