# shellcheck shell=bash
# Switching the thin client on.
. "$LAB/common/image.sh"
. "$LAB/common/guest.sh"
. "$TERMINAL/machine.sh"
. "$TERMINAL/files.sh"
use_image terminal

share_screen() {
  local name
  for name in $(people user); do
    echo "add $1:0 . $(cat "$RUN/$1/etc/lab/cookie")" | "$LAB/display/shell.sh" disp1 lab-as "$name" xauth -q source -
  done
}

# power_on HOST [classical]: until it asks who sits there, or has its X server, for which the people on the display server are given the cookie
power_on() {
  terminal_files "$@"
  run_guest "$TERMINAL/machine.sh"
  if [ "${2:-}" = classical ]; then share_screen "$1"; fi
}
