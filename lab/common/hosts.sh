# shellcheck shell=bash
# The hosts of a part: its table, and the way into a host made of namespaces. A part sets HOSTS (the table), PART and RUN.

# the fields of one host of the table
host_names() { sed -n 's/^\([a-z][a-z0-9]*\) .*/\1/p' "$HOSTS"; }
host_field() { awk -v host="$1" -v field="$2" '$1 == host { print $field }' "$HOSTS"; }

need_root() { [ "$(id -u)" = 0 ] || skip 'needs root'; }

# host_pid HOST: the first process of a host, in the caller's pid namespace
host_pid() {
  [ -n "$(host_field "$1" 1)" ] || fail "no host $1 (there are: $(host_names | xargs))"
  recorded "$RUN/$1/init.pid" || fail "host $1 is not up: lab/lab up ${PART##*/} ($STATE)"
}

# the first process of the console, in a part that has one, in the caller's pid namespace
console_pid() { recorded "$FIRST" || fail "not up: lab/lab up ${PART##*/} ($STATE)"; }

# enter HOST COMMAND...: runs it inside all namespaces of the host, as its root would have it after a login.
# Not from the caller's environment: what was exported out here (proxies, TMPDIR, LIBVIRT_*) is not true in there.
enter() {
  local pid
  pid=$(host_pid "$1") || return
  shift
  nsenter -t "$pid" -m -u -i -n -p -- env -i -C /root HOME=/root USER=root LOGNAME=root SHELL=/bin/bash \
    LANG=C.UTF-8 TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# outer_pid HOST PIDFILE COMMAND: the pid, out here, of the process a host keeps in PIDFILE. Not if that process is
# gone or another program. The kernel lists a process's pids from the outermost namespace to its own in NSpid.
outer_pid() {
  local init inner namespace status pid
  init=$(host_pid "$1") || return
  # heartbeat writes blanks before it, and libvirt no line end behind it
  inner=$(tr -d ' \n' < "/proc/$init/root$2" 2> /dev/null) && [ -n "$inner" ] || return 1
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

# describe HOST WHAT: for "status"; `process` is the part's
describe() {
  local pid
  pid=$(process "$1" "$2") || { echo 'not running' && return; }
  case $(state_of "$pid") in
    T) echo "stopped ($pid)" ;;
    *) echo "running ($pid)" ;;
  esac
}
