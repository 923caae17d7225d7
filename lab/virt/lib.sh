# shellcheck shell=bash
# What every script of this part begins with.

VIRT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${VIRT%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"

PART=$STATE/virt     # keys and ssh configuration: kept, so that they stay valid across down and up
RUN=$PART/run        # everything of one run
# shellcheck disable=SC2034 # used by those who source this
LAUNCHER=$RUN/launcher.pid # records, see common/process.sh
CONSOLE=$RUN/console.pid
# shellcheck disable=SC2034 # used by those who source this
CONSOLE_ADDRESS=10.77.0.254

# the fields of one host of the table
host_names() { sed -n 's/^\([a-z][a-z0-9]*\) .*/\1/p' "$VIRT/hosts"; }
host_field() { awk -v host="$1" -v field="$2" '$1 == host { print $field }' "$VIRT/hosts"; }
address() { host_field "$1" 2; }
uuid() { host_field "$1" 3; }

need_root() { [ "$(id -u)" = 0 ] || skip 'needs root'; }

# `ready` is written last, so a lab whose "up" was killed half way is not up
lab_is_up() { [ -e "$RUN/ready" ] && recorded "$CONSOLE" > /dev/null; }

# console_pid, host_pid HOST: the first process of the console or of a host, in the caller's pid namespace
console_pid() { recorded "$CONSOLE" || fail "not up: lab/lab up virt ($STATE)"; }
host_pid() {
  [ -n "$(address "$1")" ] || fail "no host $1 (there are: $(host_names | xargs))"
  recorded "$RUN/$1/init.pid" || fail "host $1 is not up: lab/lab up virt ($STATE)"
}

# enter HOST COMMAND...: runs it inside all namespaces of the host, as its root would have it after a login.
# Not from the caller's environment: what was exported out here (proxies, TMPDIR, LIBVIRT_*) is not true in there.
enter() {
  local pid
  pid=$(host_pid "$1") || return
  shift
  nsenter -t "$pid" -m -u -i -n -p -- env -i -C /root HOME=/root USER=root LOGNAME=root SHELL=/bin/bash \
    LANG=C.UTF-8 TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
