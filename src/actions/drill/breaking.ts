import type { Argv } from '../../hosts/host.ts'
import type { Breaking } from './kind.ts'

/**
 * What runs on the host. First a process of its own is started, in a session of its own, that puts back after the time whatever becomes of this one; only
 * when that runs something is broken. What happened when is kept in the directory, as lines of `broken BEFORE AFTER` and `back AT`, in seconds by the
 * clock of the host, and for two minutes after all is back: the line to the console may be what is broken.
 */
const script = `set -u
dir=$1 seconds=$2 checks=$3 breaks=$4 puts_back=$5
shift 5
command -v setsid > /dev/null || { echo 'no setsid here' >&2; exit 1; }
mkdir -m 700 "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
eval "$checks"
export dir seconds puts_back
setsid sh -c 'trap "" HUP INT TERM
: > "$dir/ready"
sleep "$seconds"
date +%s.%N > "$dir/back.new"
mv "$dir/back.new" "$dir/back"
[ -e "$dir/begun" ] && eval "$puts_back"
sleep 120
rm -rf "$dir"' vdd-drill "$@" < /dev/null > /dev/null 2>&1 &
trap - EXIT
tries=0
until [ -e "$dir/ready" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo 'what would put it back does not start: nothing is broken' >&2; exit 1; }
  sleep 0.1
done
: > "$dir/begun"
before=$(date +%s.%N)
eval "$breaks" || { echo 'it could not be broken' >&2; exit 1; }
echo "broken $before $(date +%s.%N)" > "$dir/broken.new"
mv "$dir/broken.new" "$dir/broken"
`

/** Tells what is kept there. */
const teller = `cat "$dir/broken" || exit 1
until [ -e "$dir/back" ]; do sleep 0.1; done
echo "back $(cat "$dir/back")"
`

const asRoot = (words: Argv, sudo: boolean): Argv => (sudo ? ['sudo', '-n', ...words] : words)

/** Where a host keeps what it needs for a drill. */
export function directoryOf(drill: string): string {
  return `/tmp/vdd-drill-${drill}`
}

/**
 * The command that breaks it for so many seconds, and tells what happened when.
 *
 * @param directory that does not exist there yet
 */
export function breakingCommand(
  { checks, breaks, putsBack, words }: Breaking,
  directory: string,
  seconds: number,
  sudo: boolean,
): Argv {
  const argv = [directory, String(seconds), checks, breaks, putsBack, ...words]
  return asRoot(['sh', '-c', script + teller, 'vdd-drill', ...argv], sudo)
}

/** The command that tells it again, where the first was lost. */
export function tellingCommand(directory: string, sudo: boolean): Argv {
  return asRoot(['sh', '-c', `dir=$1\n${teller}`, 'vdd-drill', directory], sudo)
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
