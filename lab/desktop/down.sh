#!/bin/bash
# lab/lab down: destroys the machine, and takes it out of the catalogue. The hypervisors and the displays stay.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$LAB/common/lock.sh"
. "$LAB/common/config.sh"
. "$DESKTOP/machine.sh"
. "$DESKTOP/catalogue.sh"

[ -e "$RUN" ] || exit 0
need_root
lock
if recorded "$STATE/virt/run/console.pid" > /dev/null; then
  for host in $(host_names); do forget_machine "$host"; done
fi
if recorded "$DISPLAYS/run/console.pid" > /dev/null; then
  close_catalogue
  write_vdd_yaml
fi
rm -rf "$RUN"
say "down ($STATE)"
