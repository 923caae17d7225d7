# shellcheck shell=bash
# Starting the daemons of a host, and finding processes in it.
. "$LAB/common/libvirt.sh"

start_sshd() { enter "$1" /usr/sbin/sshd -f /etc/ssh/sshd_config -E /var/log/libvirt/sshd.log; }

# process HOST WHAT: the pid of the host's init, sshd or libvirtd, or of the guest with that name
process() {
  case $2 in
    init) host_pid "$1" ;;
    sshd) outer_pid "$1" /run/sshd.pid sshd ;;
    *) libvirt_process "$@" ;;
  esac
}
