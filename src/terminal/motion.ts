import type { Profile } from './profile.ts'

/** A place on the screen, from 0. A column equal to the width: after the last cell, where terminals differ on what comes next. */
export interface Place {
  readonly row: number
  readonly column: number
}

/** Where the cursor is when nobody knows. */
export const nowhere: Place = { row: -1, column: -1 }

/** `CSI n X`, where 1 need not be said (ECMA-48, 5.4.2). */
const csi = (count: number, final: string) => `\x1b[${count === 1 ? '' : count}${final}`

function address({ row, column }: Place): string {
  if (column === 0) return csi(row + 1, 'H')
  return `\x1b[${row === 0 ? '' : row + 1};${column + 1}H`
}

function shortest(ways: readonly string[]): string {
  return ways.reduce((best, way) => (wireLength(way) < wireLength(best) ? way : best))
}

/** Bytes on the wire, where the terminal driver makes CR LF of a line feed (ONLCR, termios(3)). */
export function wireLength(bytes: string): number {
  let length = bytes.length
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes.charCodeAt(i)
    if (code === 10) length++
    else if (code > 0x7f) length += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1
  }
  return length
}

/** The shortest way along a line. */
export function along(from: number, to: number, { addressesColumns }: Profile): string {
  const by = to - from
  if (by === 0) return ''
  if (by < 0 && by >= -3) return '\b'.repeat(-by)
  const relative = csi(Math.abs(by), by > 0 ? 'C' : 'D')
  const ways = [relative]
  if (addressesColumns) ways.push(csi(to + 1, 'G'))
  if (to === 0) ways.push('\r')
  else if (by < 0) ways.push(`\r${csi(to, 'C')}`, '\b'.repeat(-by))
  return shortest(ways)
}

/** The shortest way to a line above or below, in the same column. */
function upOrDown(from: number, to: number, { addressesColumns }: Profile): string {
  const by = to - from
  if (by === 0) return ''
  const ways = [csi(Math.abs(by), by > 0 ? 'B' : 'A')]
  // Index and reverse index (VT100): within the screen they move and do not scroll.
  if (Math.abs(by) === 1) ways.push(by > 0 ? '\x1bD' : '\x1bM')
  if (addressesColumns) ways.push(csi(to + 1, 'd'))
  return shortest(ways)
}

/** The shortest way from one place to another. */
export function motion(from: Place, to: Place, columns: number, profile: Profile): string {
  if (from.row === to.row && from.column === to.column) return ''
  const ways = [address(to)]
  const known = from.row >= 0
  const certain = known && from.column < columns
  if (certain) ways.push(upOrDown(from.row, to.row, profile) + along(from.column, to.column, profile))
  if (known) {
    const home = along(0, to.column, profile)
    const down = to.row - from.row
    if (down > 0 && down <= 3) ways.push('\n'.repeat(down) + home)
    ways.push(`\r${upOrDown(from.row, to.row, profile)}${home}`)
  }
  return shortest(ways)
}
