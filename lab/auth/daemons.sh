# shellcheck shell=bash
# Starting the daemons of a host, and finding processes in it.

start_sshd() { enter "$1" /usr/sbin/sshd -f /etc/ssh/sshd_config -E /var/log/sshd.log; }
start_slapd() { enter "$1" lab-serve start ldap; }
start_freeradius() { enter "$1" lab-serve start radius; }

daemons() { if [ "$(role "$1")" = frontend ]; then echo sshd slapd freeradius; else echo sshd slapd; fi; }

# process HOST WHAT: the pid of the host's init, sshd, slapd or freeradius
process() {
  case $2 in
    init) host_pid "$1" ;;
    sshd) outer_pid "$1" /run/sshd.pid sshd ;;
    slapd | freeradius) outer_pid "$1" "/run/$2/$2.pid" "$2" ;;
    *) return 1 ;;
  esac
}
