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
# A cluster knows its nodes by uname -n.
hostname "$host"

# own_dev: what a daemon needs of /dev, in a directory of the host's own
own_dev() {
  local dev=/run/dev name
  mkdir "$dev"
  mount -t tmpfs -o mode=755 tmpfs "$dev"
  for name in null zero full random urandom tty ptmx; do
    : > "$dev/$name"
    mount --bind "/dev/$name" "$dev/$name"
  done
  mkdir "$dev/pts" "$dev/shm"
  mount --bind /dev/pts "$dev/pts"
  ln -s /proc/self/fd "$dev/fd"
  mount --rbind "$dev" /dev
}

mount --make-rprivate /
if is_hypervisor "$host"; then no_cgroups; fi
machine_places
# the machine's own log is not for the lab's messages, and a host has one of its own where it has a syslog
own_dev
mine log /var/log
if is_hypervisor "$host"; then libvirt_places; fi
mine disk/pacemaker /var/lib/pacemaker
mine disk/corosync /var/lib/corosync
mine disk/heartbeat /var/lib/heartbeat
# what both hosts of a pair see: the storage of the directory
mkdir -p /srv
mount -t tmpfs -o mode=755 tmpfs /srv
mkdir /srv/shared /srv/ldap
mount --bind "$RUN/shared-$(kind "$host")" /srv/shared
layer /usr/local
cp -a "$OWN"/tools/* /usr/local/sbin
mount -t tmpfs tmpfs /dev/shm
umask 022
mkdir -p /run/resource-agents /run/slapd /run/heartbeat/{rsctmp,ccm,crm,dopd}
install -d -m 750 -o hacluster -g haclient /run/crm
chown hacluster:haclient /run/heartbeat/{ccm,crm,dopd}
chown openldap:openldap /run/slapd
mount -t proc proc /proc

own_root
temporary_places
touch booted
cd /
stay
