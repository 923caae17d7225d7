# shellcheck shell=bash disable=SC2154 # secret is of walk.sh
# Anna at her terminal: a screen, an xterm on it in which she types what the page says, and her keys.

as_anna() { at term1 "cd /home/anna && runuser -u anna -- env HOME=/home/anna DISPLAY=:0 $1"; }
shows() { as_anna 'cat typed' 2> /dev/null | grep -qaE "$1"; }
types() { as_anna "xdotool type --delay 40 '$1'" && as_anna 'xdotool key Return'; }
# waits_for TEXT: on her terminal
waits_for() { await 90 shows "$1" || fail "her terminal does not show \"$1\": $(as_anna 'cat -v typed' | tail -n 5)"; }
has_desktop() { at pc1 'pgrep -u anna openbox' > /dev/null && as_anna 'xwininfo -root -tree' | grep -q Xephyr; }

# open_desktop FILE: the step of the terminal
open_desktop() {
  local command
  command=$(sed 's/ *#.*//' "$1")
  say "step 10, on term1, as anna: $command"
  at term1 'runuser -u anna -- Xvfb :0 -screen 0 1024x768x24 > /dev/null 2>&1 < /dev/null &'
  await 20 as_anna 'xwininfo -root' > /dev/null 2>&1 || fail 'her screen does not come up'
  as_anna "xterm -geometry 150x50+0+0 -e script -qfc '$command' typed > /dev/null 2>&1 < /dev/null &"
  waits_for 'yes/no'
  types yes
  waits_for 'assword:'
  types "$secret"
  waits_for 'Office'
  as_anna 'xdotool key Return'
  waits_for 'Password of anna:'
  types "$secret"
  await 90 has_desktop || fail "no desktop: $(as_anna 'cat -v typed' | tail -n 5)"
  say 'her desktop is there:'
  as_anna 'xwininfo -root -tree' | grep -E 'Xephyr|[0-9]{3,4}x[0-9]{3}' | sed 's/^/  /'
  at pc1 'ps -u anna -o pid,args | grep -E "openbox|PID" | grep -v grep' | sed 's/^/    /'
}

# close_desktop: she logs out of it, and nothing is left
close_desktop() {
  at pc1 'pkill -u anna openbox'
  await 30 nothing_left || fail "something is left on ds1: $(at ds1 'ps -u anna -o args')"
  await 30 at ds1 'vdd --config /etc/vdd/vdd.yaml session history | grep -q ended' || fail 'its end is in no account'
  at ds1 'vdd --config /etc/vdd/vdd.yaml session history' | sed 's/^/    /'
}
nothing_left() { ! at ds1 'pgrep -u anna "Xephyr|Xvnc"' > /dev/null; }
