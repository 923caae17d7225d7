import type { Argv } from '../../hosts/host.ts'
import { millis } from './breaking.ts'
import type { Look } from './kind.ts'

/** What a look has found: it became so between the two times, in milliseconds by the clock of the host. */
export interface Found {
  readonly before: number
  readonly after: number
  readonly value: string
}

/** Characters of a line. */
export const longestLine = 4_000

/**
 * Tells what a look finds whenever it is another. Nothing but the rest between two looks is a process of its own. Times are of /proc/uptime; what they are
 * by the clock is told once: `clock UPTIME TIME UPTIME`, then `UPTIME UPTIME WORD`, the look before and the end of this one.
 */
const script = `set -u
look=$1
shift
read -r before rest < /proc/uptime
time=$(date +%s.%N)
read -r after rest < /proc/uptime
echo "clock $before $time $after"
last=
while :; do
  read -r begun rest < /proc/uptime
  eval "$look"
  if [ "$now" != "$last" ]; then
    read -r after rest < /proc/uptime
    echo "$before $after $now"
    last=$now
  fi
  before=$begun
  sleep 0.02
done
`

export function followingCommand({ script: look, words }: Look, sudo: boolean): Argv {
  const argv = ['sh', '-c', script, 'vdd-drill', look, ...words] as const
  return sudo ? ['sudo', '-n', ...argv] : argv
}

/** Reads what that command says. */
export class Following {
  readonly found: Found[] = []
  /** what the clock is ahead of the uptime, and what that may be wrong by */
  #clock: { readonly ahead: number; readonly uncertainty: number } | undefined

  take(line: string): void {
    const words = line.split(' ')
    if (words[0] === 'clock') {
      const [before, time, after] = words.slice(1).map(millis)
      if (before === undefined || time === undefined || after === undefined) return
      // The uptime has hundredths.
      this.#clock = { ahead: time - (before + after) / 2, uncertainty: (after - before) / 2 + 10 }
      return
    }
    const [first, second, value = ''] = words
    const [before, after] = [millis(first), millis(second)]
    if (!this.#clock || before === undefined || after === undefined || !/^[0-9a-z.:,]+$/.test(value)) return
    const { ahead, uncertainty } = this.#clock
    this.found.push({ before: before + ahead - uncertainty, after: after + ahead + uncertainty, value })
  }
}
