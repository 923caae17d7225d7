# shellcheck shell=bash
# What every script of this part begins with.

TERMINAL=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${TERMINAL%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by those who source this, and by common/
{
  HOSTS=$TERMINAL/hosts
  PART=$STATE/terminal
  RUN=$PART/run          # everything of one run
  GUEST=$RUN/guest.pid   # record of the QEMU, see common/process.sh
  LIB=$TERMINAL/lib.sh
  SOCKET=$RUN/screen     # QMP
  SERIAL=$RUN/serial
}
# The bridge, the people and their keys are those of the part display.
DISPLAYS=$STATE/display
CONSOLE_RECORD=$DISPLAYS/run/console.pid

address() { host_field "$1" 2; }
kind() { host_field "$1" 3; }

# `ready` is written last, so a lab whose "up" was killed half way is not up; and it is not without the displays that it came up with.
lab_is_up() { cmp -s "$RUN/ready" "$CONSOLE_RECORD" && recorded "$CONSOLE_RECORD" > /dev/null; }
need_lab() { lab_is_up || fail "not up: lab/lab up terminal ($STATE)"; }
need_power() { recorded "$GUEST" > /dev/null || fail "$1 is off: lab/lab power $1 on ($STATE)"; }
