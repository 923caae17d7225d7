# shellcheck shell=bash
# Switching the thin client on.
. "$LAB/common/image.sh"
. "$LAB/common/guest.sh"
. "$TERMINAL/machine.sh"
. "$TERMINAL/files.sh"
use_image terminal

# power_on HOST: until it asks who sits there
power_on() {
  terminal_files "$1"
  run_guest "$TERMINAL/machine.sh"
}
