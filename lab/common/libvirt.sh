# shellcheck shell=bash
# libvirt on a host made of namespaces: its files (before the host is there), its places (by its first process), its daemon (from outside).
# VIRT is lab/virt, where the templates are.

# make_root_keys HOST...: who goes from host to host, for migrations
make_root_keys() {
  local host
  for host in "$@"; do make_key "root-$host"; done
}

# libvirt_files HOST UUID: its own configuration and directories, and a key for root by which machines are moved from host to host
libvirt_files() {
  local host=$1 dir=$RUN/$1 template
  mkdir -p "$dir"/{libvirt/{qemu,hooks,nwfilter},lib/{images,qemu,boot,dnsmasq},cache}
  for template in libvirtd.conf qemu.conf; do
    sed -e "s|@ADDRESS@|$(address "$host")|" -e "s|@UUID@|$2|" "$VIRT/host/$template" > "$dir/libvirt/$template"
  done
  : > "$dir/libvirt/libvirt.conf"
  install -m 600 "$KEYS/root-$host" "$dir/root/.ssh/id_ed25519"
  cat "$KEYS/operator.pub" "$KEYS"/root-*.pub > "$dir/root/.ssh/authorized_keys"
  known_hosts > "$dir/root/.ssh/known_hosts"
  echo 'StrictHostKeyChecking yes' > "$dir/root/.ssh/config"
}

# No cgroups. Unmounted rather than covered: libvirt looks for them in /proc/mounts, which lists covered mounts too, and then cannot use them.
no_cgroups() {
  umount -l -R /sys
  mount -t sysfs sysfs /sys
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
}

libvirt_places() {
  mkdir /run/libvirt
  mine libvirt /etc/libvirt
  mine lib /var/lib/libvirt
  mkdir -p /var/cache/libvirt
  mine cache /var/cache/libvirt
}

# Ready when it answers: -d returns earlier than that.
start_libvirtd() {
  enter "$1" /usr/sbin/libvirtd -d -p /run/libvirtd.pid
  await "$SLOW" libvirtd_answers "$1" || fail "host $1: libvirtd does not answer ($RUN/$1/log)"
}
libvirtd_answers() { enter "$1" timeout -s KILL 5 virsh -q list > /dev/null 2>&1; }

# libvirt_process HOST WHAT: the pid of libvirtd, or of the guest with that name. The kernel keeps 15 characters of a name.
libvirt_process() {
  case $2 in
    libvirtd) outer_pid "$1" /run/libvirtd.pid libvirtd ;;
    [A-Za-z0-9]*) outer_pid "$1" "/run/libvirt/qemu/${2##*/}.pid" qemu-system-x86 ;;
    *) return 1 ;;
  esac
}
