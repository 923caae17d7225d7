# shellcheck shell=bash
# What every script of this part begins with.

LVS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${LVS%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by common/
HOSTS=$LVS/hosts
PART=$STATE/lvs # ssh configuration: kept, so that it stays valid across down and up
RUN=$PART/run   # everything of one run
# shellcheck disable=SC2034 # used by those who source this
{
  KEYS=$PART/keys
  GUEST=$RUN/guest.pid # record of the QEMU, see common/process.sh
  LIB=$LVS/lib.sh
}

address() { host_field "$1" 2; }
role() { host_field "$1" 3; }
# Where QEMU listens for the sshd of a host: a port of the loopback interface of its own network namespace.
port() { echo "22${1##*.}"; }

# `ready` is written last, so a lab whose "up" was killed half way is not up
lab_is_up() { [ -e "$RUN/ready" ] && recorded "$GUEST" > /dev/null; }
guest_pid() { recorded "$GUEST" || fail "not up: lab/lab up lvs ($STATE)"; }

# on HOST COMMAND...: by ssh, as root; words arrive as they are. A login takes seconds in the guest, so it is kept for a minute; it ends
# with the guest.
on() {
  local host=$1
  shift
  ssh -F "$PART/ssh/config" -o BatchMode=yes -o LogLevel=ERROR -o ConnectTimeout=20 \
    -o ControlMaster=auto -o ControlPersist=60 -o ControlPath="$RUN/%n.ssh" "$host" "${*@Q}"
}
