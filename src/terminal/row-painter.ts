import { isBlank, type Row } from './grid.ts'
import { along, csi, type Ground, motion, nowhere, type Position } from './motion.ts'
import { graphic, plain, type Style, styleOfBlank } from './style.ts'
import { setStop } from './tabs.ts'
import { isCertain } from './width.ts'
import { wireLength } from './wire-length.ts'

/** Where the terminal writes next, and in which style. */
export interface Pen {
  readonly place: Position
  readonly style: Style
}

/** Bytes, and the pen after them. */
export interface Update {
  readonly bytes: string
  /** on the wire */
  readonly length: number
  readonly pen: Pen
  /** columns at which tab stops were set */
  readonly set: readonly number[]
}

export interface Terminal extends Ground {
  readonly rows: number
  /** columns at which tab stops are to be set when the pen comes there */
  readonly missing?: readonly number[]
  /** the pen that DECRC brings back: its place, with its style */
  readonly saved?: Pen | undefined
  readonly restyle: (from: Style, to: Style) => string
}

/** One way of painting a row from the left, as far as it has come. */
interface Way {
  readonly bytes: string
  readonly length: number
  readonly place: Position
  readonly style: Style
}

/** From this column on the line is erased, or (by so many columns) shifted. */
export interface Edit {
  readonly at: number
  readonly by?: number
}

/** The pen comes back to the place that was saved, in the style that it had there (DECRC). */
export const restorePen = '\x1b8'
const savePen = '\x1b7'

/** Bytes of the longest jump within a row: by a count of three figures, or to row and column. */
const longestJump = (movesByCount: boolean) => (movesByCount ? 6 : 10)

/** Of all ways to come to a column those are kept that nobody beats: for each style the shortest with the pen there, and with the pen left behind. */
export class RowPainter {
  readonly #terminal: Terminal
  readonly #row: number
  readonly #wanted: Row
  /** the pen stands at the column that comes next */
  #here: Way[] = []
  /** the pen was left further left, or is elsewhere */
  #behind: Way[]
  /** ways that go on at a column further right */
  readonly #later = new Map<number, Way[]>()
  readonly #laterBehind = new Map<number, Way[]>()
  /** the column of the pen, where it came from another row */
  readonly #from: number | undefined
  readonly #set: number[] = []
  readonly #longestJump: number
  readonly #saveAt: number | undefined
  /** of this row */
  readonly #saved: Pen | undefined

  constructor(terminal: Terminal, row: number, wanted: Row, { place, style }: Pen, saveAt?: number) {
    this.#terminal = terminal
    this.#longestJump = longestJump(terminal.profile.movesByCount)
    this.#saveAt = saveAt
    const { saved } = terminal
    // What is saved within the row is not that any more.
    this.#saved = saved?.place.row === row && saveAt === undefined ? saved : undefined
    this.#row = row
    this.#wanted = wanted
    this.#behind = [{ bytes: '', length: 0, place, style }]
    this.#from = place.row === row ? undefined : place.column
  }

  /** The cell has to be written. */
  write(column: number): void {
    this.#arrive(column)
    this.#come(column)
    this.#behind = []
    this.#setStop(column)
    const { profile } = this.#terminal
    const run = this.#run(column)
    // Each cell of a run begins a shorter one, which ends at the same column: all are kept, since the longest is the shortest way.
    if (profile.repeats && run > 4) {
      const repeated = this.#here.map((way) => this.#repeated(way, column, run))
      const known = this.#later.get(column + run) ?? []
      this.#later.set(column + run, shortestOfEachStyle([...known, ...repeated]))
    }
    if (profile.erasesCharacters && run > 4 && isBlank(this.#wanted, column)) {
      const erased = this.#here.map((way) => this.#erased(way, run))
      const known = this.#laterBehind.get(column + run) ?? []
      this.#laterBehind.set(column + run, shortestOfEachStyle([...known, ...erased]))
    }
    this.#here = shortestOfEachStyle(this.#here.map((way) => this.#written(way, column)))
  }

  /** The cell is as it should be: it is passed over, or written again where that is the shorter way to the next one, `ahead` columns on. */
  pass(column: number, ahead: number): void {
    this.#arrive(column)
    if (this.#here.length) this.#behind = shortestOfEachStyle([...this.#behind, ...this.#here])
    // What is further off is never dearer to jump to than to write up to.
    const isNear = ahead <= this.#longestJump && isCertain(this.#wanted.text[column] ?? ' ')
    if (isNear && this.#isLanding(column)) this.#come(column)
    this.#here = isNear ? shortestOfEachStyle(this.#here.map((way) => this.#written(way, column))) : []
  }

  /** Erases from here to the end of the line, or moves that by some columns. What becomes blank takes the style of the pen, or none. */
  edit({ at, by }: Edit): void {
    this.#arrive(at)
    this.#come(at)
    this.#behind = []
    // What repeats or erases beyond this column would go past it.
    this.#later.clear()
    this.#laterBehind.clear()
    const control = by ? csi(Math.abs(by), by < 0 ? 'P' : '@') : '\x1b[K'
    this.#here = shortestOfEachStyle(
      this.#here.map((way) =>
        this.#more(way, this.#terminal.restyle(way.style, plain) + control, way.place, plain),
      ),
    )
  }

  result(): Update {
    const later = [...this.#later.values(), ...this.#laterBehind.values()].flat()
    const ways = [...this.#here, ...this.#behind, ...later]
    const best = ways.reduce((a, b) => (b.length < a.length ? b : a))
    return {
      bytes: best.bytes,
      length: best.length,
      pen: { place: best.place, style: best.style },
      set: this.#set,
    }
  }

  #arrive(column: number): void {
    const arrived = this.#later.get(column)
    if (arrived) this.#here = shortestOfEachStyle([...this.#here, ...arrived])
    const behind = this.#laterBehind.get(column)
    if (behind) this.#behind = shortestOfEachStyle([...this.#behind, ...behind])
    this.#later.delete(column)
    this.#laterBehind.delete(column)
  }

  /** Whether it is cheap to come to this column from outside of the row, or over a gap. */
  #isLanding(column: number): boolean {
    const { stops } = this.#terminal
    const isOwn = column === 0 || column === this.#from || column === this.#saved?.place.column
    return isOwn || (stops?.includes(column) ?? false)
  }

  /** Sets a tab stop that is missing, where a word begins: there every way comes by, whatever it repeats or erases. */
  #setStop(column: number): void {
    const { missing } = this.#terminal
    const { text } = this.#wanted
    if (!missing?.includes(column) || text[column] === ' ' || text[column - 1] !== ' ') return
    this.#here = this.#here.map((way) => this.#more(way, setStop, way.place, way.style))
    this.#set.push(column)
  }

  /** Brings every way to this column. */
  #come(column: number): void {
    const { columns } = this.#terminal
    const to = { row: this.#row, column }
    const came = this.#behind.map((way) =>
      this.#more(
        way,
        (way.place.row === this.#row && way.place.column < columns
          ? along(way.place.column, column, this.#terminal)
          : undefined) ?? motion(way.place, to, this.#terminal),
        to,
        way.style,
      ),
    )
    this.#here = shortestOfEachStyle([...this.#here, ...came, ...this.#restored(to)])
  }

  /** The way by the pen that was saved in this row. */
  #restored(to: Position): Way[] {
    if (!this.#saved) return []
    const { place, style } = this.#saved
    const way = along(place.column, to.column, this.#terminal)
    if (way === undefined) return []
    // Not all terminals agree on whether the character set comes back too.
    const ways = this.#behind.filter((one) => !(one.style & graphic))
    return ways.map((one) => this.#more(one, restorePen + way, to, style))
  }

  #written(way: Way, column: number): Way {
    const { profile, columns, restyle } = this.#terminal
    const grapheme = this.#wanted.text[column] ?? ' '
    const style = this.#wanted.styles[column] ?? plain
    const wide = this.#wanted.text[column + 1] === ''
    const next = column + (wide ? 2 : 1)
    // A blank is the same in many styles.
    const fits = grapheme === ' ' && styleOfBlank(way.style) === style
    const change = (fits ? '' : restyle(way.style, style)) + (column === this.#saveAt ? savePen : '')
    const after = fits ? way.style : style
    if (isCertain(grapheme)) {
      const place =
        next === columns && profile.wrap !== 'deferred' ? nowhere : { row: this.#row, column: next }
      return this.#more(way, change + grapheme, place, after)
    }
    // How far this goes depends on the terminal: what stood there is blanked first, and afterwards the place is said anew.
    if (next === columns) {
      const cleared = `${restyle(way.style, plain)}\x1b[K${restyle(plain, style)}`
      return this.#more(way, cleared + grapheme, nowhere, style)
    }
    const to = { row: this.#row, column: next }
    const blanks = wide ? '  \b\b' : ''
    return this.#more(way, change + blanks + grapheme + motion(nowhere, to, this.#terminal), to, after)
  }

  /** How many cells from here on have to show the same character in the same style. */
  #run(column: number): number {
    const { text, styles } = this.#wanted
    const grapheme = text[column] ?? ''
    if (grapheme.length !== 1 || grapheme > '~') return 1
    let end = column + 1
    // The last cell is left out: after it the place is not certain. So is all from where the pen is to be saved.
    const last = this.#saveAt !== undefined && this.#saveAt > column ? this.#saveAt : text.length - 1
    while (end < last && text[end] === grapheme && styles[end] === styles[column]) end++
    return end - column
  }

  #repeated(way: Way, column: number, run: number): Way {
    const one = this.#written(way, column)
    return this.#more(one, `\x1b[${run - 1}b`, { row: this.#row, column: column + run }, one.style)
  }

  /** Blanks, made by erasing; the pen stays before them. */
  #erased(way: Way, run: number): Way {
    return this.#more(way, `${this.#terminal.restyle(way.style, plain)}\x1b[${run}X`, way.place, plain)
  }

  #more(way: Way, bytes: string, place: Position, style: Style): Way {
    return { bytes: way.bytes + bytes, length: way.length + wireLength(bytes), place, style }
  }
}

function shortestOfEachStyle(ways: readonly Way[]): Way[] {
  if (ways.length < 2) return [...ways]
  const best: Way[] = []
  for (const way of ways) {
    const i = best.findIndex(({ style }) => style === way.style)
    if (i < 0) best.push(way)
    else if (way.length < (best[i] as Way).length) best[i] = way
  }
  return best
}
