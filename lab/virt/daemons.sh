# shellcheck shell=bash
# Starting the daemons of a host, and finding processes in it.

start_sshd() { enter "$1" /usr/sbin/sshd -f /etc/ssh/sshd_config -E /var/log/libvirt/sshd.log; }

# Ready when it answers: -d returns earlier than that.
start_libvirtd() {
  enter "$1" /usr/sbin/libvirtd -d -p /run/libvirtd.pid
  await 20 libvirtd_answers "$1" || fail "host $1: libvirtd does not answer ($RUN/$1/log/libvirtd.log)"
}
libvirtd_answers() { enter "$1" timeout -s KILL 5 virsh -q list > /dev/null 2>&1; }

# outer_pid HOST PIDFILE COMMAND: the pid, out here, of the process a host keeps in PIDFILE. Not if that process is
# gone or another program. The kernel lists a process's pids from the outermost namespace to its own in NSpid.
outer_pid() {
  local init inner namespace status pid
  init=$(host_pid "$1") || return
  inner=$(cat "/proc/$init/root$2" 2> /dev/null) && [ -n "$inner" ] || return 1
  namespace=$(readlink "/proc/$init/ns/pid")
  # the second tab: a process out here may have the same number
  while read -r status; do
    pid=${status//[!0-9]/}
    [ "$(readlink "/proc/$pid/ns/pid")" = "$namespace" ] || continue
    [ "$(cat "/proc/$pid/comm" 2> /dev/null)" = "$3" ] || continue
    if [ "$(state_of "$pid")" != Z ]; then echo "$pid" && return; fi
  done < <(grep -lsE "^NSpid:.*[[:space:]][0-9]+[[:space:]]$inner\$" /proc/[0-9]*/status)
  return 1
}

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
