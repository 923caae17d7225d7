# shellcheck shell=bash
# Starting the daemons of a host, and finding processes in it.

start_sshd() { enter "$1" /usr/sbin/sshd -f /etc/ssh/sshd_config -E /var/log/libvirt/sshd.log; }

# Ready when it answers: -d returns earlier than that.
start_libvirtd() {
  enter "$1" /usr/sbin/libvirtd -d -p /run/libvirtd.pid
  await 20 libvirtd_answers "$1" || fail "host $1: libvirtd does not answer ($RUN/$1/log/libvirtd.log)"
}
libvirtd_answers() { enter "$1" timeout -s KILL 5 virsh -q list > /dev/null 2>&1; }

# process HOST WHAT: the pid of the host's init, sshd or libvirtd, or of the guest with that name
process() {
  case $2 in
    init) host_pid "$1" ;;
    sshd | libvirtd) outer_pid "$1" "/run/$2.pid" "$2" ;;
    # the kernel keeps 15 characters of a name
    [A-Za-z0-9]*) outer_pid "$1" "/run/libvirt/qemu/${2##*/}.pid" qemu-system-x86 ;;
    *) return 1 ;;
  esac
}
