# shellcheck shell=bash
# What every script of this part begins with.

DESKTOP=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=${DESKTOP%/*}
. "$LAB/common/say.sh"
. "$LAB/common/state.sh"
. "$LAB/common/process.sh"
. "$LAB/common/hosts.sh"

# shellcheck disable=SC2034 # used by those who source this, and by common/
{
  HOSTS=$DESKTOP/hosts
  PART=$STATE/desktop
  RUN=$PART/run # everything of one run
}
# The machine is a guest of the one part, and its people and their display server are those of the other.
DISPLAYS=$STATE/display

address() { host_field "$1" 2; }
kind() { host_field "$1" 3; }

hypervisors() { sed -n 's/^\([a-z][a-z0-9]*\) .*/\1/p' "$LAB/virt/hosts"; }
on_hypervisor() { "$LAB/virt/shell.sh" "$@"; }
on_server() { "$LAB/display/shell.sh" disp1 "$@"; }

# who holds the two parts that this one is made of
holders() { cat "$STATE/virt/run/console.pid" "$DISPLAYS/run/console.pid" 2> /dev/null; }
holders_run() { recorded "$STATE/virt/run/console.pid" > /dev/null && recorded "$DISPLAYS/run/console.pid" > /dev/null; }
# `ready` is written last, so a lab whose "up" was killed half way is not up; and it is not without those that it came up with.
lab_is_up() { [ -e "$RUN/ready" ] && [ "$(holders)" = "$(cat "$RUN/ready")" ] && holders_run; }
need_lab() { lab_is_up || fail "not up: lab/lab up desktop ($STATE)"; }

# where_it_is HOST: the hypervisor on which it runs
where_it_is() {
  local hypervisor
  for hypervisor in $(hypervisors); do
    if on_hypervisor "$hypervisor" virsh -q list --name | grep -qx "$1"; then echo "$hypervisor" && return; fi
  done
  return 1
}
