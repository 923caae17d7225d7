import type { Argv } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'

/** One way to break the slapd of a front end. */
export interface Breaking {
  /** what is done, as in "kills slapd on fe2" */
  readonly title: Label
  /** what puts it back, for people */
  readonly back: Label
  /** lines of sh; `$pid` is the slapd */
  readonly breaks: string
  /** the same, run on the host by itself once the time is over; `$1` is the pid, `$2` a directory with what was kept before */
  readonly putsBack: string
}

/** How a slapd can be broken. Each is put back by its host alone, also if nobody is left who asks for it. */
export const breakings = {
  kill: {
    title: say`kills slapd (SIGKILL)`,
    back: say`starts it as it was started`,
    breaks: 'kill -KILL "$pid"',
    // By its unit where it has one, else by its own words; its environment is that of a daemon.
    putsBack: `if [ -s "$2/unit" ]; then systemctl start "$(cat "$2/unit")"
else PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin xargs -0 setsid < "$2/argv"; fi`,
  },
  stop: {
    title: say`stops slapd where it is (SIGSTOP)`,
    back: say`lets it go on (SIGCONT)`,
    breaks: 'kill -STOP "$pid"',
    putsBack: `[ "$(cat "/proc/$1/comm")" = slapd ] && kill -CONT "$1"`,
  },
} as const satisfies Readonly<Record<string, Breaking>>

export type How = keyof typeof breakings

export const hows = Object.keys(breakings) as readonly How[]

/**
 * What runs on the host. First a process of its own is started, in a session of its own, that puts back after the time whatever becomes of this one; only
 * when that runs something is broken. Then this one tells when: lines of `broken BEFORE AFTER` and `back AT`, in seconds by the clock of the host.
 */
const script = `set -u
pid=$1
[ "$(cat "/proc/$pid/comm")" = slapd ] || { echo "process $pid is no slapd any more" >&2; exit 1; }
command -v setsid > /dev/null || { echo 'no setsid here' >&2; exit 1; }
dir=$(mktemp -d) || exit 1
cat "/proc/$pid/cmdline" > "$dir/argv" || exit 1
sed -n 's|.*/\\([^/]*slapd[^/]*\\.service\\|[^/]*openldap[^/]*\\.service\\)$|\\1|p' "/proc/$pid/cgroup" | head -n 1 > "$dir/unit"
setsid sh -c 'trap "" HUP INT TERM
: > "$2/ready"
sleep "$3"
date +%s.%N > "$2/back.new"
mv "$2/back.new" "$2/back"
'"$3"'
sleep 30
rm -rf "$2"' vdd-drill "$pid" "$dir" "$2" < /dev/null > /dev/null 2>&1 &
tries=0
until [ -e "$dir/ready" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo 'what would put it back does not start: nothing is broken' >&2; exit 1; }
  sleep 0.1
done
before=$(date +%s.%N)
eval "$4"
echo "broken $before $(date +%s.%N)"
until [ -e "$dir/back" ]; do sleep 0.1; done
echo "back $(cat "$dir/back")"
`

/** The command that breaks it for so many seconds. */
export function breakingCommand(how: How, pid: number, seconds: number, sudo: boolean): Argv {
  const { breaks, putsBack }: Breaking = breakings[how]
  const argv = ['sh', '-c', script, 'vdd-drill', String(pid), String(seconds), putsBack, breaks] as const
  return sudo ? ['sudo', '-n', ...argv] : argv
}

/** A line that the command said; times in milliseconds by the clock of the host. */
export type Told =
  | { readonly what: 'broken'; readonly before: number; readonly after: number }
  | { readonly what: 'back'; readonly at: number }

export function parseTold(line: string): Told | undefined {
  const [what, first, second] = line.split(' ')
  const at = millis(first)
  if (at === undefined) return undefined
  if (what === 'back') return { what, at }
  const after = millis(second)
  return what === 'broken' && after !== undefined ? { what, before: at, after } : undefined
}

/** `1764524034.391023456` */
export function millis(text = ''): number | undefined {
  return /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : undefined
}
