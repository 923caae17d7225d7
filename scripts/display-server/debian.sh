# shellcheck shell=bash
# Debians in namespaces: made in $DEBIANS, changed there while they have the network of this machine, and booted as hosts on a network of their own, each in a layer
# over the one that it is made of, with systemd as first process.

make_debian() {
  local name=$1
  shift
  [ ! -e "$DEBIANS/$name/etc/debian_version" ] || return 0
  make_bookworm "$DEBIANS/$name" important "$(echo "$*" | tr ' ' ,)"
}

# installing NAME COMMAND: as root of a Debian that is not booted, with the network, the certificates and the registry of this machine
installing() {
  local root=$DEBIANS/$1 environment
  join_network "$root" /srv/certificates.pem
  environment+=(DEBIAN_FRONTEND=noninteractive)
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  in_debian "$root" "$2"
  rm -f "$root/usr/sbin/policy-rc.d"
}

# A bridge in a network namespace of its own, which nothing leaves
make_network() {
  unshare --net sleep infinity &
  SWITCH=$!
  disown # or bash reports its end as an accident
  await 5 test "$(readlink /proc/self/ns/net)" != "$(readlink "/proc/$SWITCH/ns/net")"
  nsenter -t "$SWITCH" -n sh -ec 'ip link add br0 type bridge; ip link set br0 up'
}

# cgroup2, as it is or beside the older kind
CGROUPS=/sys/fs/cgroup
[ -e "$CGROUPS/cgroup.procs" ] || CGROUPS=/sys/fs/cgroup/unified

# boot_debian HOST NAME: of the Debian NAME, at the address that $WALK/hosts has for it
boot_debian() {
  local host=$1 place=$WORK/hosts/$1 address
  address=$(awk -v host="$host" '$2 == host { print $1 }' "$WALK/hosts")
  mkdir -p "$place"/{upper/etc,work,root} "$CGROUPS/vdd-$$-$host"
  {
    echo '127.0.0.1 localhost'
    cat "$WALK/hosts"
  } > "$place/upper/etc/hosts"
  echo "$host" > "$place/upper/etc/hostname"
  (
    echo "$BASHPID" > "$CGROUPS/vdd-$$-$host/cgroup.procs"
    # shellcheck disable=SC2016
    exec setsid unshare --net --mount --pid --uts --ipc --cgroup --fork --kill-child bash -euc '
      mount --make-rprivate /
      hostname "$0"
      mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" overlay "$2/root"
      cd "$2/root"
      rm -f etc/ssh/ssh_host_*
      # none would be a first boot, at which systemd sets up all units anew
      tr -d - < /proc/sys/kernel/random/uuid > etc/machine-id
      chroot . ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
      mount -t proc proc proc
      mount -t sysfs sysfs sys
      mount -t cgroup2 cgroup2 sys/fs/cgroup
      # read-only: this is not the machine that has the devices
      mount -o remount,bind,ro sys
      mount -t tmpfs -o mode=755 tmpfs dev
      for one in null zero full random urandom tty; do touch "dev/$one" && mount --bind "/dev/$one" "dev/$one"; done
      mkdir dev/pts dev/shm
      mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
      mount -t tmpfs -o mode=1777 tmpfs dev/shm
      ln -s pts/ptmx dev/ptmx && ln -s /proc/self/fd dev/fd
      for one in stdin:0 stdout:1 stderr:2; do ln -s "fd/${one#*:}" "dev/${one%:*}"; done
      mount -t tmpfs -o mode=755 tmpfs run
      mkdir -p before
      pivot_root . before
      umount -l before
      ip link set lo up
      exec env -i container=vdd PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
    ' "$host" "$DEBIANS/$2" "$place" > "$place/log" 2>&1 < /dev/null
  ) &
  await 60 pgrep -P $! -x systemd > /dev/null || fail "$host does not boot: $(tail -n 3 "$place/log")"
  pgrep -P $! -x systemd > "$place/pid"
  nsenter -t "$SWITCH" -n ip link add "to-$host" type veth peer name eth0 netns "$(cat "$place/pid")"
  nsenter -t "$SWITCH" -n ip link set "to-$host" master br0 up
  nsenter -t "$(cat "$place/pid")" -n sh -ec "ip addr add $address/24 dev eth0; ip link set eth0 up"
  await 120 at "$host" 'ss -Hltn sport = 22 | grep -q . && [ ! -e /run/nologin ]' || fail "$host: no sshd"
}

# at HOST COMMAND: as root of a host that is booted
at() {
  nsenter -t "$(cat "$WORK/hosts/$1/pid")" -m -n -p -u -i -C env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=xterm \
    bash -c "cd /root && $2"
}

# Whatever state it is in: what was begun for a host is in its cgroup.
clean_up() {
  local code=$? group
  for group in "$CGROUPS/vdd-$$-"*; do [ ! -e "$group" ] || echo 1 > "$group/cgroup.kill"; done
  [ -z "${SWITCH:-}" ] || kill -KILL "$SWITCH"
  await 30 without_groups || say "something does not end: $(ls -d "$CGROUPS/vdd-$$-"*)"
  rm -rf --one-file-system "$WORK"
  exit "$code"
}
without_groups() {
  find "$CGROUPS" -mindepth 1 -depth -type d -path "$CGROUPS/vdd-$$-*" -exec rmdir {} + 2> /dev/null
  ! compgen -G "$CGROUPS/vdd-$$-*" > /dev/null
}
