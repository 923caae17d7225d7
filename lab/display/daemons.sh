# shellcheck shell=bash
# Starting the daemons of a host, and finding processes in it.

start_sshd() { enter "$1" /usr/sbin/sshd -f /etc/ssh/sshd_config -E /var/log/sshd.log; }

# A terminal's screen. The users may use it, as if they had logged in there.
start_Xvfb() {
  enter "$1" lab-screen > "$RUN/$1/log/screen.log" 2>&1
  await "$SLOW" enter "$1" lab-as anna xdpyinfo > /dev/null 2>&1 || fail "host $1: its screen does not come up ($RUN/$1/log)"
}

daemons() { if [ "$(kind "$1")" = terminal ]; then echo Xvfb; else echo sshd; fi; }

# process HOST WHAT: the pid of the host's init, sshd or Xvfb
process() {
  case $2 in
    init) host_pid "$1" ;;
    sshd | Xvfb) outer_pid "$1" "/run/$2.pid" "$2" ;;
    *) return 1 ;;
  esac
}
