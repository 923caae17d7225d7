import { factsScript } from '../services/hardware/script.ts'

/** A terminal window that fills the screen without a window manager, with large letters, and without menus or keys that lead elsewhere (xterm(1)). */
const xterm = [
  'xterm -maximized -bw 0 -b 8 +sb -tn xterm-256color',
  '-fa Monospace -fs 18 -bg MidnightBlue -fg White',
  '-xrm XTerm.vt100.omitTranslation:popup-menu,fullscreen,shift-fonts',
].join(' ')

/** What `vdd desk --xsession` prints. No word of its `Exec` needs quotes: display managers break it at blanks and nothing else. */
export const xsession = `# A session of a display manager (lightdm, sddm, gdm, xdm): save this as /usr/share/xsessions/vdd-desk.desktop
# Needed on the display server: xterm, fonts-dejavu-core, xauth, xserver-xephyr; for desktops that are kept also
# tigervnc-standalone-server and tigervnc-viewer (names of Debian).
[Desktop Entry]
Type=Application
Name=Desktops
Name[it]=Desktop
Comment=Choose a system and a desktop
Comment[it]=Scegli un sistema e un desktop
TryExec=xterm
Exec=${xterm} -e /usr/local/bin/vdd desk --locked
DesktopNames=vdd
`

/** What `vdd desk client-script` prints: POSIX sh and an ssh client are all that it needs. */
export const clientScript = `#!/bin/sh
# Opens the desk of a display server on this terminal, and does so again whenever it ends.
#
#   vdd-desk-client SERVER         asks who sits here, and ssh asks for the password
#   vdd-desk-client USER@SERVER    always this user, with a key or with a password
#
# From ~/.xinitrc or ~/.xsession: exec vdd-desk-client SERVER
# Without X, as the command of a getty or a login shell, desktops are text sessions.
set -u

server=\${1:-}
[ -n "$server" ] || { echo 'usage: vdd-desk-client [USER@]SERVER' >&2; exit 2; }

# With X in a window of its own: what startx has as a terminal is the console below the X server, where nobody would see the desk.
if [ -n "\${DISPLAY:-}" ] && [ "\${2:-}" != here ]; then
  # No word of it has a blank within.
  exec ${xterm} -e "$0" "$server" here
fi
[ -t 0 ] || { echo 'vdd-desk-client: neither a terminal nor DISPLAY' >&2; exit 2; }

case \${LC_ALL:-\${LC_MESSAGES:-\${LANG:-}}} in
  it*) ask='Nome utente' lost='Collegamento chiuso o non riuscito.' again='Riprovo tra 5 secondi.' lang=it ;;
  *) ask='User name' lost='The connection has ended, or there was none.' again='Trying again in 5 seconds.' lang=en ;;
esac
# The letters that this terminal has; sshd may take no LANG.
letters=C
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] && letters=C.UTF-8

# What this terminal is; the display server keeps it, so that it is known which terminals there are (docs/clients.md).
tell_facts() {
  sh -s <<'END OF FACTS'
${factsScript}END OF FACTS
}
facts=$(tell_facts 2>/dev/null)
case $facts in *\\'*) facts= ;; esac
[ "\${#facts}" -le 60000 ] || facts=

# On the display server. A desk that was killed is there again, with all that is open. ssh stays for as long as something is shown by it, also
# when the person has logged out: then its connection is ended, and what is kept waits for the next time.
desk="[ -z \\"\\$1\\" ] || vdd terminal tell \\"\\$1\\" </dev/null >/dev/null 2>&1 & \\
until env LC_CTYPE=$letters vdd desk --locked --lang $lang; do \\
case \\$? in 70 | 13[0-9] | 14[0-9]) sleep 1 ;; *) exit ;; esac; done; \\
trap \\"\\" HUP; { sleep 3; kill \\$PPID; } </dev/null >/dev/null 2>&1 &"

# ssh may be left by ^C, this may not; and neither can be stopped for a shell.
trap : INT QUIT
trap '' TSTP

user=
while :; do
  case $server in
    *@*) to=$server ;;
    *)
      printf '\\n%s%s: ' "$ask" "\${user:+ [$user]}"
      IFS= read -r name || { [ -t 0 ] && sleep 1 && continue; exit 1; }
      user=\${name:-$user}
      case $user in '' | -* | *[!A-Za-z0-9._-]*) user= && continue ;; esac
      to=$user@$server
      ;;
  esac
  if [ -n "\${DISPLAY:-}" ]; then x=-X; else x=-x; fi
  # The X of this terminal stays open for as long as the connection; a line that is cut for half a minute comes back.
  ssh -t "$x" -e none -o ForwardX11Timeout=0 -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=8 \\
    -- "$to" exec sh -c "'$desk'" vdd-desk "'$facts'"
  case $? in
    0) ;;
    255)
      printf '\\n%s ' "$lost"
      case $server in *@*) echo "$again" && sleep 5 ;; *) echo ;; esac
      ;;
    *) sleep 1 ;;
  esac
done
`
