#!/bin/bash
# First process of the lab: the console's network, and the hosts below it. When it ends, all of it ends.
# console-init.sh STATE LAUNCHER-PID, called by `launch` in up.sh inside new network, mount and pid namespaces
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# Ties this process to its launcher even if that one was killed before unshare(1) asked the kernel to do so.
read -r self _ _ parent _ < /proc/self/stat
[ "$parent" = "$2" ] || exit 1
record "$CONSOLE"

ip link set lo up
ip link add br0 type bridge
ip addr add "$CONSOLE_ADDRESS/24" dev br0
ip link set br0 up

# No cgroup namespace and no cgroups: libvirt counts CPU time from /proc then, and nothing is left in the
# machine's cgroup tree however the lab ends.
for host in $(host_names); do
  unshare -n -m -u -i -p --fork --kill-child \
    bash "$VIRT/host-init.sh" "$STATE" "$host" "$self" > "$RUN/$host/init.log" 2>&1 &
done

# Only bash, as first process, collects the orphans of a pid namespace; a bare sleep would not.
while :; do
  sleep infinity &
  wait $! || true
done
