# shellcheck shell=bash
# Can this machine run a part whose hosts are namespaces with a bridge? One line and exit code 77 if not.

# the things of the kernel the hosts are made of, tried in namespaces of their own
namespaces_work() {
  # shellcheck disable=SC2016
  unshare -n -m -p --fork --kill-child unshare -n -m -u -i -p --fork --kill-child bash -ec '
    . "$0"
    mount --make-rprivate /
    mount -t tmpfs tmpfs /run
    layer /etc
    layer /usr/local
    mount -t proc proc /proc
    ip link add br0 type bridge
    ip link add eth0 type veth peer name eth1' "$LAB/common/host-places.sh"
}

check_system() {
  [ "$(uname -s)" = Linux ] || skip 'needs Linux'
  need_root
  type unshare nsenter setsid setpriv flock > /dev/null 2>&1 || skip 'needs unshare, nsenter, setsid, setpriv and flock (util-linux)'
}

check_kernel() {
  local why
  why=$(namespaces_work 2>&1) || skip "the kernel does not allow what the hosts need: ${why%%$'\n'*}"
}
