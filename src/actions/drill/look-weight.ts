import { isIPv4 } from 'node:net'
import type { Look } from './kind.ts'

/** The weight of a real server, `10.9.0.11:389` in `TCP 10.9.0.100:389`, in the table of a balancer: a number, or `none` where it is not in it. */
export function lookAtWeight(virtual: string, real: string): Look {
  const [protocol = '', place = ''] = virtual.split(' ')
  return {
    words: [`${protocol} ${asInKernel(place)}`, asInKernel(real)],
    script: `now=none
service=
while read -r first second third weight rest; do
  case $first in
    '->') if [ "$service" = "$1" ] && [ "$second" = "$2" ]; then now=$weight; fi ;;
    *) service="$first $second" ;;
  esac
done < /proc/net/ip_vs`,
  }
}

/** @returns 0 too where it is not in the table */
export function weightIn(value: string): number {
  return /^\d{1,5}$/.test(value) ? Number(value) : 0
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
