import { label, say } from '../../hosts/label.ts'
import type { Breaking } from './kind.ts'

/** A daemon that is broken. */
export interface Daemon {
  /** as the kernel calls it: `slapd` */
  readonly name: string
  /** none: the first of that name */
  readonly pid?: number
  /** how units of systemd are called that start it: words that are in their names */
  readonly units: readonly string[]
}

/** Its unit, of the lines of /proc/PID/cgroup: what was started by hand is in that of somebody's login. `$3`: as an extended pattern. */
export const unitOf = `grep -oE "[^/]*($3)[^/]*[.]service\\$" | head -n 1`

/** Keeps by what it can be started again: its unit, its words, its program. `$1`: its pid, or empty; `$2`: its name */
const checks = `pid=\${1:-$(pgrep -o -x "$2")}
[ -n "$pid" ] && [ "$(cat "/proc/$pid/comm")" = "$2" ] || { echo "process $pid is no $2 any more" >&2; exit 1; }
echo "$pid" > "$dir/pid"
cat "/proc/$pid/cmdline" > "$dir/argv" || exit 1
readlink "/proc/$pid/exe" > "$dir/exe" || exit 1
{ ${unitOf}; } < "/proc/$pid/cgroup" > "$dir/unit"`

/** Once the old one has ended. By its unit where it has one, else by its own words, or by its program alone where those are a title; its environment is that of a daemon. */
const starts = `tries=0
while [ "$(cat "/proc/$(cat "$dir/pid")/comm")" = "$2" ] && [ "$tries" -lt 300 ]; do tries=$((tries + 1)); sleep 0.1; done
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
if [ -s "$dir/unit" ]; then systemctl start "$(cat "$dir/unit")"
elif command -v "$(tr '\\0' '\\n' < "$dir/argv" | head -n 1)" > /dev/null; then xargs -0 setsid < "$dir/argv"
else setsid "$(cat "$dir/exe")"; fi`

const startsAgain = { back: say`starts it as it was started`, checks, putsBack: starts } as const

/** SIGKILL. */
export function killed(daemon: Daemon): Breaking {
  return {
    ...startsAgain,
    title: say`kills ${label(daemon.name)} (SIGKILL)${ofPid(daemon)}`,
    past: say`killed`,
    words: wordsOf(daemon),
    breaks: 'kill -KILL "$pid"',
  }
}

/** SIGTERM: it ends as it is meant to. */
export function ended(daemon: Daemon): Breaking {
  return {
    ...startsAgain,
    title: say`ends ${label(daemon.name)} (SIGTERM)${ofPid(daemon)}`,
    past: say`ended`,
    words: wordsOf(daemon),
    breaks: 'kill -TERM "$pid"',
  }
}

/** SIGSTOP: connections are still accepted, and nobody is answered. */
export function stopped(daemon: Daemon): Breaking {
  return {
    title: say`stops ${label(daemon.name)} where it is (SIGSTOP)${ofPid(daemon)}`,
    past: say`stopped`,
    back: say`lets it go on (SIGCONT)`,
    words: wordsOf(daemon),
    checks,
    breaks: 'kill -STOP "$pid"',
    putsBack: `pid=$(cat "$dir/pid")
[ "$(cat "/proc/$pid/comm")" = "$2" ] && kill -CONT "$pid"`,
    isSilent: true,
  }
}

function ofPid({ pid }: Daemon) {
  return pid === undefined ? say`` : say`, process ${pid}`
}

function wordsOf({ pid, name, units }: Daemon): string[] {
  return [pid === undefined ? '' : String(pid), name, units.join('|')]
}
