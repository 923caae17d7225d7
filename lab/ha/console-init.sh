#!/bin/bash
# First process of the part: the console's network, and the hosts below it. When it ends, all of it ends.
# console-init.sh STATE LAUNCHER-PID, called by `launch` in up.sh inside new network, mount and pid namespaces
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/bridge.sh"
. "$HA/switch.sh"

be_first "$2"
make_bridge "$CONSOLE_ADDRESS"
for host in $(host_names); do switch_on "$host" "$SELF"; done
stay
