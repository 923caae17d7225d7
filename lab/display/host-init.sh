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
hostname "vdd-$host"

mount --make-rprivate /
machine_places
# a machine without systemd has its log here, and it is not for the lab's messages
if [ -S /dev/log ]; then mount --bind /dev/null /dev/log; fi
mine log /var/log
mine xsessions /usr/share/xsessions
# where X servers that run as root put the keyboard of display :0, of which there are several here
mount -t tmpfs tmpfs /var/lib/xkb
# who(1): sshd writes down there who is logged in, if it is there
: > /run/utmp
layer /usr/local
cp -a "$OWN"/tools/* /usr/local/sbin
if [ "$(kind "$host")" = server ]; then
  cp -a "$DISPLAY_PART/host/vdd" /usr/local/bin
  mkdir -p /usr/local/lib/vdd
  mount --bind -o ro "${LAB%/*}" /usr/local/lib/vdd
fi
mount -t proc proc /proc

own_root
mine home /home
temporary_places
mkdir -m 1777 /tmp/.X11-unix /tmp/.ICE-unix
touch booted
cd /
stay
