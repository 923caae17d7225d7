#!/bin/bash
# First process of the part: the hosts are below it. When it ends, all of it ends.
# first-init.sh STATE LAUNCHER-PID, called by `launch` (common/launch.sh) inside new mount and pid namespaces
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/launch.sh"

be_first "$2"
for host in $(host_names); do
  unshare -m -u -i -p --fork --kill-child bash "$AUTH/host-init.sh" "$STATE" "$host" > "$RUN/$host/init.log" 2>&1 &
done
stay
