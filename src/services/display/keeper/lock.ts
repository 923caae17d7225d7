/**
 * Locks a session by what there is for that on its machine: xscreensaver, the screen saver of a desktop by D-Bus, or what hears logind; that is believed
 * only where logind says afterwards that it is locked. Its argument is the process of the session manager, whose surroundings the session's programs have.
 * Ends with 69 where nothing locks. POSIX sh.
 */
export const lockScript = [
  'for name in DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS XDG_SESSION_ID XDG_RUNTIME_DIR; do',
  '  value=$(tr "\\000" "\\n" < "/proc/$1/environ" | sed -n "s/^$name=//p" | head -n 1)',
  '  [ -n "$value" ] && export "$name=$value"',
  'done',
  'exec > /dev/null 2>&1',
  'command -v xscreensaver-command && xscreensaver-command -lock && exit 0',
  '[ -n "$DBUS_SESSION_BUS_ADDRESS" ] && for one in freedesktop gnome mate cinnamon xfce; do',
  '  [ "$one" = cinnamon ] && set -- string: || set --',
  '  dbus-send --session --print-reply --reply-timeout=2000 "--dest=org.$one.ScreenSaver" \\',
  '    "/org/$one/ScreenSaver" "org.$one.ScreenSaver.Lock" "$@" && exit 0',
  'done',
  '[ -n "$XDG_SESSION_ID" ] && loginctl lock-session "$XDG_SESSION_ID" && for one in 1 2 3; do',
  '  [ "$(loginctl show-session -p LockedHint --value "$XDG_SESSION_ID")" = yes ] && exit 0',
  '  sleep 1',
  'done',
  'exit 69',
].join('\n')
