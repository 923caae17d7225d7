import { isIPv4 } from 'node:net'
import type { Argv } from '../../hosts/host.ts'
import { millis } from './breaking.ts'

/** A weight in the table of a balancer: it became so between the two times, in milliseconds by the clock of the host. */
export interface WeightSeen {
  readonly before: number
  readonly after: number
  /** none: it is not in the table */
  readonly weight?: number
}

/**
 * Tells the weight of a real server whenever it is another one. Nothing but the rest between two looks is a process of its own, since to start one takes longer
 * than all else. Times are of /proc/uptime; what they are by the clock is told once: `clock UPTIME TIME UPTIME`, then `UPTIME UPTIME WEIGHT`, the look
 * before and the end of this one.
 */
const script = `set -u
read -r before rest < /proc/uptime
time=$(date +%s.%N)
read -r after rest < /proc/uptime
echo "clock $before $time $after"
last=
while :; do
  read -r begun rest < /proc/uptime
  now=none
  service=
  while read -r first second third weight rest; do
    case $first in
      '->') if [ "$service" = "$1" ] && [ "$second" = "$2" ]; then now=$weight; fi ;;
      *) service="$first $second" ;;
    esac
  done < /proc/net/ip_vs
  if [ "$now" != "$last" ]; then
    read -r after rest < /proc/uptime
    echo "$before $after $now"
    last=$now
  fi
  before=$begun
  sleep 0.02
done
`

/** The command that follows the weight of a real server, `10.9.0.11:389` in `TCP 10.9.0.100:389`, past vdd. */
export function weightsCommand(virtual: string, real: string, sudo: boolean): Argv {
  const [protocol = '', place = ''] = virtual.split(' ')
  const argv = [
    'sh',
    '-c',
    script,
    'vdd-drill',
    `${protocol} ${asInKernel(place)}`,
    asInKernel(real),
  ] as const
  return sudo ? ['sudo', '-n', ...argv] : argv
}

/** A place as /proc/net/ip_vs has it: `0A09000B:0185`, `[fd00:0000:0000:0000:0000:0000:0000:000b]:0185`. */
export function asInKernel(place: string): string {
  const [, address = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(place) ?? []
  const hex = (value: string, digits: number) =>
    Number(value).toString(16).toUpperCase().padStart(digits, '0')
  if (isIPv4(address)) {
    const bytes = address.split('.').map((byte) => hex(byte, 2))
    return `${bytes.join('')}:${hex(port, 4)}`
  }
  const [left = '', right] = address.toLowerCase().split('::')
  const groups = (text: string) => (text ? text.split(':') : [])
  const [before, after] = [groups(left), groups(right ?? '')]
  const missing = right === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after]
  return `[${all.map((one) => one.padStart(4, '0')).join(':')}]:${hex(port, 4)}`
}

/** Reads what that command says. */
export class Weights {
  readonly seen: WeightSeen[] = []
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
    const [first, second, word = ''] = words
    const [before, after] = [millis(first), millis(second)]
    if (!this.#clock || before === undefined || after === undefined || !/^(none|\d{1,5})$/.test(word)) return
    const { ahead, uncertainty } = this.#clock
    const times = { before: before + ahead - uncertainty, after: after + ahead + uncertainty }
    this.seen.push(word === 'none' ? times : { ...times, weight: Number(word) })
  }
}
