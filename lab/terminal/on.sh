# shellcheck shell=bash
# Switching the thin client on.
. "$LAB/common/image.sh"
. "$LAB/common/guest.sh"
. "$TERMINAL/machine.sh"
. "$TERMINAL/files.sh"
use_image terminal

on_server() { "$LAB/display/shell.sh" disp1 lab-as "$@"; }
screen_answers() { on_server "$1" DISPLAY="$2:0" xdpyinfo > /dev/null 2>&1; }

# share_screen HOST: gives the people on the display server the cookie of its X server, and waits until that answers
share_screen() {
  local name
  for name in $(people user); do
    echo "add $1:0 . $(cat "$RUN/$1/etc/lab/cookie")" | on_server "$name" xauth -q source -
  done
  await 120 screen_answers "$name" "$1" || fail "the X server of $1 does not answer"
}

# power_on HOST [classical]: until it asks who sits there, or has an X server for the people on the display server
power_on() {
  terminal_files "$@"
  run_guest "$TERMINAL/machine.sh"
  if [ "${2:-}" = classical ]; then share_screen "$1"; fi
}
