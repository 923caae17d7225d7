# shellcheck shell=bash
# Starting the daemons of a host, and finding processes in it.
. "$LAB/common/libvirt.sh"

start_sshd() { enter "$1" /usr/sbin/sshd -f /etc/ssh/sshd_config -E /var/log/sshd.log; }

start_corosync() {
  enter "$1" setsid corosync -f > "$RUN/$1/log/corosync.out" 2>&1 < /dev/null 9>&- &
  disown
  await "$SLOW" enter "$1" corosync-cfgtool -s > /dev/null 2>&1 || fail "host $1: corosync does not answer ($RUN/$1/log)"
}

# In the foreground it writes no pid.
start_pacemakerd() {
  # shellcheck disable=SC2016
  enter "$1" env PCMK_logfile=/var/log/pacemaker/pacemaker.log PCMK_logpriority=info PCMK_stderr=no PCMK_logfacility=none \
    setsid sh -c 'echo $$ > /run/pacemakerd.pid; exec pacemakerd -f' > "$RUN/$1/log/pacemakerd.out" 2>&1 < /dev/null 9>&- &
  disown
}

start_heartbeat() { enter "$1" setsid /usr/libexec/heartbeat/heartbeat > "$RUN/$1/log/heartbeat.out" 2>&1 < /dev/null 9>&-; }

start_rsyslogd() {
  enter "$1" rsyslogd -i /run/rsyslogd.pid > "$RUN/$1/log/rsyslogd.out" 2>&1 < /dev/null 9>&-
  await "$SLOW" enter "$1" test -S /dev/log || fail "host $1: rsyslogd does not listen ($RUN/$1/log/rsyslogd.out)"
}

start_keepalived() { enter "$1" setsid keepalived -D > "$RUN/$1/log/keepalived.out" 2>&1 < /dev/null 9>&-; }

daemons() {
  case $(kind "$1") in
    pacemaker) if is_hypervisor "$1"; then echo sshd libvirtd corosync pacemakerd; else echo sshd corosync pacemakerd; fi ;;
    heartbeat) echo sshd heartbeat ;;
    keepalived) echo sshd rsyslogd keepalived ;;
  esac
}

start_daemons() {
  local daemon
  for daemon in $(daemons "$1"); do "start_$daemon" "$1"; done
}

# process HOST WHAT: the pid of the host's init, or of one of its daemons
process() {
  case $2 in
    init) host_pid "$1" ;;
    sshd | corosync | pacemakerd | heartbeat | rsyslogd | keepalived) outer_pid "$1" "/run/$2.pid" "$2" ;;
    slapd) outer_pid "$1" /run/slapd/slapd.pid slapd ;;
    *) libvirt_process "$@" ;;
  esac
}
