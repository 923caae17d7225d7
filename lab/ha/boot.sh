#!/bin/bash
# Boots a host of a part that is up: boot.sh STATE HOST, inside the network, mount and pid namespaces of the part's first process
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$HA/switch.sh"
# /proc is that of the machine, so the pid is the recorded one
read -r first _ < "$FIRST"
switch_on "$2" "$first"
disown
