import { blankGrid, changesIn, erasedFrom, type Grid, type Row, sameRow } from './grid.ts'
import { along, motion, nowhere, type Position } from './motion.ts'
import { mostOrdered, type Stretch, shortestOrder } from './order.ts'
import { newsOf, partOf } from './portion.ts'
import type { Profile } from './profile.ts'
import { Returns } from './returns.ts'
import { type Pen, restorePen, type Terminal, type Update } from './row-painter.ts'
import { updateRow } from './row-update.ts'
import { costOf, findScroll, type Scroll, scrolled } from './scroll.ts'
import { scrolling } from './scrolling.ts'
import { styleChanges } from './sgr.ts'
import { graphic, plain } from './style.ts'
import { clearStops, stopsFor, usualStops } from './tabs.ts'
import { isCertain } from './width.ts'
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

/** So few bytes are sent at once on any line. */
const atOnce = 24

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
  /** what the frame costs, about */
  #cost = Number.POSITIVE_INFINITY
  readonly #returns = new Returns()
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
   * Bytes towards this frame, about `room` of them (Infinity: all): what is news in the rows `first` since the screen was to be `since`, then
   * these rows, then the others from the top. Empty when nothing is left to do.
   */
  next(frame: Frame, first: readonly number[] = [], room = Number.POSITIVE_INFINITY, since?: Grid): string {
    let bytes = this.#unknown ? this.#reset() : ''
    const grid = this.#paintable(frame.grid)
    if (this.#planned !== frame.grid) {
      bytes += this.#prepare(grid)
      this.#planned = frame.grid
      this.#returns.nextFrame()
    }
    let left = room - wireLength(bytes)
    const paint = (row: number, wanted: Row) => {
      const update = this.#paint(row, wanted)
      bytes += update.bytes
      left -= update.length
    }
    const goesAtOnce = this.#cost < room
    for (const row of since && !goesAtOnce ? first : []) {
      const [wanted, shown, before] = [grid[row], this.#shown[row], since?.[row]]
      const news = wanted && shown && before && newsOf(shown, wanted, before)
      if (!news) continue
      if (left <= 0) return bytes
      paint(row, partOf(shown, news, left))
    }
    for (const row of this.#order(grid, first, room, this.#rest(frame.cursor))) {
      const [wanted, shown] = [grid[row], this.#shown[row]]
      if (!wanted || !shown || sameRow(shown, wanted)) continue
      if (left <= 0) {
        this.#from = row
        return bytes
      }
      paint(row, goesAtOnce ? wanted : partOf(shown, wanted, left))
      if (this.#shown[row] !== wanted) {
        this.#from = row
        return bytes
      }
    }
    this.#from = 0
    return bytes + this.#settle(frame)
  }

  #paint(row: number, wanted: Row): Update {
    const shown = this.#shown[row] as Row
    const saveAt = this.#saveAt(row, shown, wanted)
    const update = updateRow(this.#terminal, row, shown, wanted, this.#pen, saveAt)
    if (saveAt !== undefined) this.#isSaved({ row, column: saveAt }, wanted)
    this.#pen = update.pen
    if (update.set.length) this.#stopsAreSet(update.set)
    this.#shown = this.#shown.with(row, wanted)
    return update
  }

  /** Attributes off, character set G0, the cursor shown, tabs as usual: what is to be sent before the terminal is somebody else's. */
  leave(): string {
    const { profile, columns } = this.#terminal
    const show = profile.hidesCursor && this.#cursorIsShown !== true ? '\x1b[?25h' : ''
    const stops = this.#stopsAreUsual || !profile.setsTabs ? '' : `\r${usualStops(columns)}`
    const region = this.#terminal.margins ? '\x1b[r' : ''
    const style = this.#unknown ? `\x1b[m${profile.lines === 'dec' ? '\x0f' : ''}` : this.#restyle(plain)
    this.#cursorIsShown = undefined
    this.#stopsAreUsual = true
    this.forget()
    return style + show + region + stops
  }

  /** Where a terminal wraps at once, the lower right cell would scroll the screen: it stays blank. */
  #paintable(grid: Grid): Grid {
    const last = grid.at(-1)
    if (this.#terminal.profile.wrap !== 'immediate' || !last) return grid
    return grid.with(-1, erasedFrom(last, this.#terminal.columns - 1))
  }

  /** The order in which rows are painted, those that are as they should be among them. */
  #order(grid: Grid, first: readonly number[], room: number, rest: Position | undefined): Iterable<number> {
    // What goes at once may go in any order.
    if (this.#cost < Math.max(room, atOnce)) {
      const stretches: Stretch[] = []
      for (const [row, wanted] of grid.entries()) {
        const changes = changesIn(this.#shown[row] as Row, wanted)
        if (!changes) continue
        const at = (column: number, by = 0) => ({
          place: { row, column: column + by },
          style: wanted.styles[column] ?? plain,
        })
        stretches.push({ row, first: at(changes.first), after: at(changes.last, 1) })
        if (stretches.length > mostOrdered) break
      }
      if (stretches.length <= mostOrdered) return shortestOrder(this.#terminal, this.#pen, stretches, rest)
      return grid.keys()
    }
    // Portions go on where the last one ended, so that rows above that change all the time do not keep the others waiting.
    const rows = [...grid.keys()]
    return new Set([...first, ...rows.slice(this.#from), ...rows.slice(0, this.#from)])
  }

  /** The column in which this row is to be saved: its first change, where the pen comes back to that again and again. */
  #saveAt(row: number, shown: Row, wanted: Row): number | undefined {
    const terminal = this.#terminal
    const column = changesIn(shown, wanted)?.first
    if (column === undefined || !terminal.profile.savesPlace) return undefined
    const [text, style = plain] = [wanted.text[column] ?? ' ', wanted.styles[column]]
    if (text === ' ' || !isCertain(text) || style & graphic) return undefined
    const place = { row, column }
    const bytes = motion(this.#pen.place, place, terminal) + terminal.restyle(this.#pen.style, style)
    const isToBeSaved = this.#returns.isToBeSaved({ place, style }, wireLength(bytes), terminal.saved)
    return isToBeSaved ? column : undefined
  }

  #isSaved(place: Position, { styles }: Row): void {
    this.#terminal = { ...this.#terminal, saved: { place, style: styles[place.column] ?? plain } }
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
    this.#terminal = { ...this.#terminal, saved: undefined, margins: undefined }
    this.#returns.forget()
    if (profile.setsTabs) this.#terminal = { ...this.#terminal, stops: [], missing: [] }
    this.#stopsAreUsual = !profile.setsTabs
    const home = profile.scrolls && rows > 1 ? '\x1b[r' : '\x1b[H'
    return `${sets}\x1b[m${profile.setsTabs ? clearStops : ''}${home}\x1b[J`
  }

  /** Scrolls or clears first, where that leaves less to paint. */
  #prepare(wanted: Grid): string {
    const cost = costOf(this.#shown, wanted)
    this.#cost = cost
    if (cost < worthAThought) return ''
    const blank = blankGrid(this.#terminal.columns, this.#terminal.rows)
    let bytes = ''
    if (costOf(blank, wanted) + 6 < cost) {
      const home = this.#terminal.margins ? '\x1b[r' : '\x1b[H'
      bytes = `${this.#restyle(plain)}${home}\x1b[J`
      this.#terminal = { ...this.#terminal, margins: undefined }
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
    const { bytes, place, margins } = scrolling(this.#terminal, this.#pen.place, scroll)
    this.#shown = scrolled(this.#shown, scroll)
    this.#terminal = { ...this.#terminal, margins }
    this.#pen = { place, style: plain }
    return style + bytes
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
      const way = motion(this.#pen.place, rest, this.#terminal)
      const { saved } = this.#terminal
      const back =
        saved?.place.row === rest.row ? along(saved.place.column, rest.column, this.#terminal) : undefined
      const isBack =
        saved && back !== undefined && back.length + 2 < wireLength(way) && !(this.#pen.style & graphic)
      bytes += isBack ? restorePen + back : way
      this.#pen = { place: rest, style: isBack ? saved.style : this.#pen.style }
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
