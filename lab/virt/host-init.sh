#!/bin/bash
# First process of a host, inside its own network, mount, uts, ipc and pid namespaces: makes it look like a
# machine, then waits. Its daemons are started from outside (daemons.sh).
# host-init.sh STATE HOST CONSOLE-PID
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/bridge.sh"
. "$LAB/common/host-places.sh"
. "$LAB/common/libvirt.sh"
host=$2
OWN=$RUN/$host

# While /proc still is the outer one: pids in it are those the outside knows.
record "$OWN/init.pid"
join_bridge "$host" "$3"
guests_bridge "$host"
hostname "vdd-$host"

# in this mount namespace only
mount --make-rprivate /
no_cgroups
machine_places
mkdir -p /var/log/libvirt
mine log /var/log/libvirt
libvirt_places
mount -t proc proc /proc

own_root
touch booted
cd /
stay
