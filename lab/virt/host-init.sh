#!/bin/bash
# First process of a host, inside its own network, mount, uts, ipc and pid namespaces: makes it look like a
# machine, then waits. Its daemons are started from outside (daemons.sh).
# host-init.sh STATE HOST CONSOLE-PID
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/bridge.sh"
. "$LAB/common/host-places.sh"
host=$2
OWN=$RUN/$host

# While /proc still is the outer one: pids in it are those the outside knows.
record "$OWN/init.pid"
join_bridge "$host" "$3"
guests_bridge "$host"
hostname "vdd-$host"

# In this mount namespace only. Unmounted rather than covered: libvirt looks for cgroups in /proc/mounts, which lists
# covered mounts too, and then cannot use them.
mount --make-rprivate /
umount -l -R /sys
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
machine_places
mkdir /run/libvirt

mine libvirt /etc/libvirt
mine lib /var/lib/libvirt
mkdir -p /var/log/libvirt /var/cache/libvirt
mine log /var/log/libvirt
mine cache /var/cache/libvirt
mount -t proc proc /proc

touch "$OWN/booted"
stay
