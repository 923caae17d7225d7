import type { Profile } from './profile.ts'
import { wireLength } from './wire-length.ts'

/** A place on the screen, from 0. A column equal to the width: after the last cell, where terminals differ on what comes next. */
export interface Position {
  readonly row: number
  readonly column: number
}

/** Where the cursor is when nobody knows. */
export const nowhere: Position = { row: -1, column: -1 }

/** Rows that scroll (DECSTBM), from `top` to `bottom` (both included). */
export interface Margins {
  readonly top: number
  readonly bottom: number
}

/** What the ways of a cursor depend on: what the terminal can do, and what it was told. */
export interface Ground {
  readonly profile: Profile
  readonly columns: number
  /** columns of the tab stops, from the left; none: nobody knows where they are */
  readonly stops?: readonly number[]
  /** none: the whole screen */
  readonly margins?: Margins | undefined
}

/** `CSI n X`, where 1 need not be said (ECMA-48, 5.4.2). */
export const csi = (count: number, final: string) => `\x1b[${count === 1 ? '' : count}${final}`

function address({ row, column }: Position): string {
  if (column === 0) return csi(row + 1, 'H')
  return `\x1b[${row === 0 ? '' : row + 1};${column + 1}H`
}

/** The shorter of two ways; of ways that are equally long the first. */
function shorter(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return wireLength(b) < wireLength(a) ? b : a
}

/** The shortest way along a line; undefined where there is none. */
export function along(from: number, to: number, ground: Ground): string | undefined {
  const { profile } = ground
  const by = to - from
  if (by === 0) return ''
  if (by === -1) return '\b'
  if (to === 0) return '\r'
  if (by < 0 && by >= -3) return '\b'.repeat(-by)
  let best = profile.movesByCount ? csi(Math.abs(by), by > 0 ? 'C' : 'D') : undefined
  if (profile.addressesColumns) best = shorter(best, csi(to + 1, 'G'))
  if (by > 0) return shorter(best, byTabs(from, to, ground))
  best = shorter(best, '\b'.repeat(-by))
  if (profile.movesByCount) best = shorter(best, `\r${csi(to, 'C')}`)
  const tabs = byTabs(0, to, ground)
  return tabs === undefined ? best : shorter(best, `\r${tabs}`)
}

/** The shortest way to the right by tab stops: to the last one before, and on from there, or to the next one, and back. */
function byTabs(from: number, to: number, { profile, stops = [] }: Ground): string | undefined {
  let tabs = ''
  let last = from
  let next: number | undefined
  for (const stop of stops) {
    if (stop <= from) continue
    if (stop > to) {
      next = stop
      break
    }
    tabs += '\t'
    last = stop
  }
  if (last === to) return tabs
  const onwards = tabs && profile.movesByCount ? tabs + csi(to - last, 'C') : undefined
  return next === undefined ? onwards : shorter(onwards, `${tabs}\t${'\b'.repeat(next - to)}`)
}

/** The shortest way to a line above or below, in the same column; undefined where there is none. */
function upOrDown(from: number, to: number, { profile, margins }: Ground): string | undefined {
  const by = to - from
  if (by === 0) return ''
  let best: string | undefined
  if (passes(from, to, margins)) {
    // Index and reverse index: within the screen they move and do not scroll.
    if (profile.scrolls && Math.abs(by) === 1) return by > 0 ? '\x1bD' : '\x1bM'
    if (profile.movesByCount) best = csi(Math.abs(by), by > 0 ? 'B' : 'A')
  }
  return profile.addressesColumns ? shorter(best, csi(to + 1, 'd')) : best
}

/** Whether a motion by lines comes there: at the edge of the rows that scroll it stops, or scrolls them, when it comes from within. */
function passes(from: number, to: number, margins: Margins | undefined): boolean {
  if (!margins) return true
  return to > from ? from > margins.bottom || to <= margins.bottom : from < margins.top || to >= margins.top
}

/** The shortest way from one place to another. */
export function motion(from: Position, to: Position, ground: Ground): string {
  if (from.row === to.row && from.column === to.column) return ''
  let best = address(to)
  if (from.row < 0) return best
  const add = (first: string | undefined, second: string | undefined) => {
    if (first === undefined || second === undefined) return
    if (wireLength(first) + wireLength(second) < wireLength(best)) best = first + second
  }
  const vertical = upOrDown(from.row, to.row, ground)
  if (from.column < ground.columns) add(vertical, along(from.column, to.column, ground))
  const home = along(0, to.column, ground)
  const down = to.row - from.row
  if (down > 0 && down <= 3 && passes(from.row, to.row, ground.margins)) add('\n'.repeat(down), home)
  if (vertical !== undefined) add(`\r${vertical}`, home)
  return best
}
