import { blankGrid, erasedFrom, type Grid, type Row, sameRow } from './grid.ts'
import { csi, motion, nowhere, type Position } from './motion.ts'
import type { Profile } from './profile.ts'
import { type Pen, type Terminal, updateRow } from './row-update.ts'
import { costOf, findScroll, type Scroll, scrolled } from './scroll.ts'
import { styleChanges } from './sgr.ts'
import { plain } from './style.ts'
import { clearStops, stopsFor, usualStops } from './tabs.ts'
import { wireLength } from './wire-length.ts'

/** What the screen should show, and where the person looks. */
export interface Frame {
  readonly grid: Grid
  readonly cursor?: Position
  /** the cursor is wanted there: a text is typed; else it may be hidden */
  readonly typing: boolean
  /** which state of the program it shows; counts up */
  readonly mark?: number
}

/** Below this many bytes nothing is gained by scrolling or clearing. */
const worthAThought = 60

/**
 * Knows what a terminal shows, and gives the bytes that bring it to what it should show: all at once, or as much as is asked
 * for, the most wanted rows first. What was given is taken for sent.
 */
export class Painter {
  #terminal: Terminal
  #shown: Grid
  #pen: Pen = { place: nowhere, style: plain }
  /** undefined: nobody knows */
  #cursorIsShown: boolean | undefined
  #planned: Grid | undefined
  /** the row with which the next portion begins */
  #from = 0
  #unknown = true
  /** every eighth column, as others expect them */
  #stopsAreUsual = false

  constructor(profile: Profile, columns: number, rows: number) {
    this.#terminal = { profile, columns, rows, restyle: styleChanges(profile) }
    this.#shown = blankGrid(columns, rows)
  }

  /** The screen may show anything: it is cleared and painted anew. */
  forget(): void {
    this.#unknown = true
    this.#planned = undefined
  }

  isDone({ grid, cursor, typing }: Frame): boolean {
    if (this.#unknown || this.#paintable(grid).some((row, i) => !sameRow(row, this.#shown[i] as Row)))
      return false
    if (this.#cursorIsShown !== this.#wantsCursor(typing)) return false
    const rest = this.#rest(cursor)
    return !rest || samePlace(this.#pen.place, rest)
  }

  /**
   * Bytes towards this frame, whole rows in the order of `first` and then from the top, until at least `atLeast` bytes (Infinity: all).
   * Empty when nothing is left to do.
   */
  next(frame: Frame, first: readonly number[] = [], atLeast = Number.POSITIVE_INFINITY): string {
    let bytes = this.#unknown ? this.#reset() : ''
    const grid = this.#paintable(frame.grid)
    if (this.#planned !== frame.grid) {
      bytes += this.#prepare(grid)
      this.#planned = frame.grid
    }
    let length = wireLength(bytes)
    // Portions go on where the last one ended, so that rows above that change all the time do not keep the others waiting.
    const rows = [...grid.keys()]
    for (const row of new Set([...first, ...rows.slice(this.#from), ...rows.slice(0, this.#from)])) {
      const wanted = grid[row]
      const shown = this.#shown[row]
      if (!wanted || !shown || sameRow(shown, wanted)) continue
      if (length >= atLeast) {
        this.#from = row
        return bytes
      }
      const update = updateRow(this.#terminal, row, shown, wanted, this.#pen)
      this.#pen = update.pen
      if (update.set.length) this.#stopsAreSet(update.set)
      this.#shown = this.#shown.with(row, wanted)
      bytes += update.bytes
      length += update.length
    }
    this.#from = 0
    return bytes + this.#settle(frame)
  }

  /** Attributes off, character set G0, the cursor shown, tabs as usual: what is to be sent before the terminal is somebody else's. */
  leave(): string {
    const { profile, columns } = this.#terminal
    const show = profile.hidesCursor && this.#cursorIsShown !== true ? '\x1b[?25h' : ''
    const stops = this.#stopsAreUsual || !profile.setsTabs ? '' : `\r${usualStops(columns)}`
    const style = this.#unknown ? `\x1b[m${profile.lines === 'dec' ? '\x0f' : ''}` : this.#restyle(plain)
    this.#cursorIsShown = undefined
    this.#stopsAreUsual = true
    this.forget()
    return style + show + stops
  }

  /** Where a terminal wraps at once, the lower right cell would scroll the screen: it stays blank. */
  #paintable(grid: Grid): Grid {
    const last = grid.at(-1)
    if (this.#terminal.profile.wrap !== 'immediate' || !last) return grid
    return grid.with(-1, erasedFrom(last, this.#terminal.columns - 1))
  }

  #restyle(style: number): string {
    const bytes = this.#terminal.restyle(this.#pen.style, style)
    this.#pen = { ...this.#pen, style }
    return bytes
  }

  /** Everything as this program expects it, and an empty screen. */
  #reset(): string {
    const { profile, columns, rows } = this.#terminal
    this.#unknown = false
    this.#shown = blankGrid(columns, rows)
    this.#pen = { place: { row: 0, column: 0 }, style: plain }
    this.#cursorIsShown = profile.hidesCursor ? undefined : true
    // G1 is the set with the lines; a scroll region that somebody left is taken back, which also homes the cursor.
    const sets = profile.lines === 'dec' ? '\x1b(B\x1b)0\x0f' : ''
    if (profile.setsTabs) this.#terminal = { ...this.#terminal, stops: [], missing: [] }
    this.#stopsAreUsual = !profile.setsTabs
    const home = profile.scrolls && rows > 1 ? '\x1b[r' : '\x1b[H'
    return `${sets}\x1b[m${profile.setsTabs ? clearStops : ''}${home}\x1b[J`
  }

  /** Scrolls or clears first, where that leaves less to paint. */
  #prepare(wanted: Grid): string {
    const cost = costOf(this.#shown, wanted)
    if (cost < worthAThought) return ''
    const blank = blankGrid(this.#terminal.columns, this.#terminal.rows)
    let bytes = ''
    if (costOf(blank, wanted) + 6 < cost) {
      bytes = `${this.#restyle(plain)}\x1b[H\x1b[J`
      this.#shown = blank
      this.#pen = { place: { row: 0, column: 0 }, style: plain }
    } else {
      const scroll = this.#terminal.profile.scrolls && findScroll(this.#shown, wanted)
      if (scroll) bytes = this.#scroll(scroll)
    }
    return bytes + this.#retab(wanted)
  }

  /** Tab stops that suit what is to be painted. */
  #retab(wanted: Grid): string {
    if (!this.#terminal.profile.setsTabs) return ''
    const missing = stopsFor(this.#terminal, this.#shown, wanted)
    if (!missing) return ''
    const bytes = this.#terminal.stops?.length ? clearStops : ''
    this.#terminal = { ...this.#terminal, stops: [], missing }
    return bytes
  }

  #stopsAreSet(set: readonly number[]): void {
    const { stops = [], missing = [] } = this.#terminal
    this.#terminal = {
      ...this.#terminal,
      stops: [...stops, ...set].sort((a, b) => a - b),
      missing: missing.filter((column) => !set.includes(column)),
    }
  }

  #scroll(scroll: Scroll): string {
    // New lines take the background on terminals that erase in colour.
    const style = this.#restyle(plain)
    const ways = [scrollRegion(scroll)]
    if (this.#terminal.profile.insertsLines) ways.push(this.#insertedLines(scroll))
    this.#shown = scrolled(this.#shown, scroll)
    const best = ways.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a))
    this.#pen = { place: best.place, style: plain }
    return style + best.bytes
  }

  /** Lines are taken out at one end of the block and put in at the other. */
  #insertedLines({ top, bottom, by }: Scroll): { bytes: string; place: Position } {
    const { rows } = this.#terminal
    const count = Math.abs(by)
    const to = (from: Position, row: number) => motion(from, { row, column: 0 }, this.#terminal)
    const many = (final: string) => csi(count, final)
    const out = by > 0 ? top : bottom - count + 1
    const into = by > 0 ? bottom - count + 1 : top
    // Where the block reaches to the end of the screen, one of the two happens by itself.
    const atEnd = bottom === rows - 1
    if (atEnd) {
      const row = by > 0 ? out : into
      return { bytes: to(this.#pen.place, row) + many(by > 0 ? 'M' : 'L'), place: { row, column: 0 } }
    }
    const first = to(this.#pen.place, out) + many('M')
    const bytes = first + to({ row: out, column: 0 }, into) + many('L')
    return { bytes, place: { row: into, column: 0 } }
  }

  #wantsCursor(typing: boolean): boolean {
    return typing || !this.#terminal.profile.hidesCursor
  }

  /** The cursor where the person looks, hidden or not: braille displays, magnifiers and screen readers follow it. */
  #settle({ cursor, typing }: Frame): string {
    const wanted = this.#wantsCursor(typing)
    let bytes = wanted === this.#cursorIsShown ? '' : wanted ? '\x1b[?25h' : '\x1b[?25l'
    this.#cursorIsShown = wanted
    const rest = this.#rest(cursor)
    if (rest && !samePlace(this.#pen.place, rest)) {
      bytes += motion(this.#pen.place, rest, this.#terminal)
      this.#pen = { ...this.#pen, place: rest }
    }
    return bytes
  }

  /** Where the cursor belongs; a hidden one of a screen on which nothing is selected may stay where it is. */
  #rest(cursor: Position | undefined): Position | undefined {
    return cursor ?? (this.#cursorIsShown ? this.#corner : undefined)
  }

  /** Where a cursor that cannot be hidden disturbs least. */
  get #corner(): Position {
    return { row: this.#terminal.rows - 1, column: 0 }
  }
}

function samePlace(a: Position, b: Position): boolean {
  return a.row === b.row && a.column === b.column
}

/** A scroll region (DECSTBM, which homes the cursor), and index or reverse index at its end (VT100). */
function scrollRegion({ top, bottom, by }: Scroll): { bytes: string; place: Position } {
  const row = by > 0 ? bottom : top
  const scroll = (by > 0 ? '\x1bD' : '\x1bM').repeat(Math.abs(by))
  const go = row === 0 ? '' : `\x1b[${row + 1}H`
  return {
    bytes: `\x1b[${top === 0 ? '' : top + 1};${bottom + 1}r${go}${scroll}\x1b[r`,
    place: { row: 0, column: 0 },
  }
}
