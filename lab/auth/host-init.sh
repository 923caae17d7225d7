#!/bin/bash
# First process of a host, inside its own mount, uts, ipc and pid namespaces, but in the machine's network: makes it look like
# a machine, then waits. Its daemons are started from outside (daemons.sh).
# host-init.sh STATE HOST
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/launch.sh"
. "$LAB/common/host-places.sh"
OWN=$RUN/$2

# While /proc still is the outer one: pids in it are those the outside knows.
record "$OWN/init.pid"
hostname "vdd-$2"

mount --make-rprivate /
machine_places
install -d -o openldap -g openldap /run/slapd
install -d -o freerad -g freerad /run/freeradius
# a machine without systemd has its log here, and it is not for the lab's messages
if [ -S /dev/log ]; then mount --bind /dev/null /dev/log; fi
mine tools /usr/local/sbin
mine log /var/log
mine ldap /etc/ldap
if [ -d "$OWN/freeradius" ]; then mine freeradius /etc/freeradius; fi
# in memory: a directory on disk would wait for it after each entry that is replicated
mount -t tmpfs -o "mode=700,uid=$(id -u openldap),gid=$(id -g openldap)" tmpfs /var/lib/ldap
mount -t proc proc /proc

own_root
temporary_places
touch booted
cd /
stay
