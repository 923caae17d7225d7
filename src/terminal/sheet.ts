import type { Adapt } from './adapt.ts'
import { blankRow, type Grid, type Row } from './grid.ts'
import { lineOf } from './stamp.ts'
import { afterSgr, plain, type Style } from './style.ts'
import { isCertain, measured } from './width.ts'

/** Where the person looks: the row that is selected, or the place where a text is typed. */
interface Focus {
  readonly row: number
  readonly column: number
  /** a text is typed here, so the cursor belongs here */
  readonly typing: boolean
}

/** In a text, around what has the focus: a hyperlink (OSC 8), which layout engines carry along and which takes no room. */
export const focusMark = {
  selected: '\x1b]8;;vdd:selected\x07',
  typing: '\x1b]8;;vdd:typing\x07',
  end: '\x1b]8;;\x07',
} as const

interface Draft {
  readonly text: string[]
  readonly styles: Style[]
  /** it stands elsewhere too, and is copied before it is changed */
  readonly shared?: boolean
}

/** What became of a line that was written into an empty row. */
interface Written {
  readonly row: Draft
  readonly end: number
  readonly focus: Omit<Focus, 'row'> | undefined
}

/** So many lines are remembered with what became of them. */
const mostWritten = 512

/** Rows further down than this are not kept: nobody draws a screen so high. */
const mostRows = 1000

// A control sequence, a string control (OSC, DCS, …) with its end, another escape, or a run of text.
const pieces =
  /\x1b\[([0-?]*)([ -/]*)([@-~])|\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f\x1b]+/g

/**
 * What is drawn, kept as cells. It understands what programs for modern terminals send, and Ink in particular: cursor
 * motion, erasing, colours. Text beyond the right edge is cut, and rows beyond the lower edge are only remembered.
 */
export class Sheet {
  readonly columns: number
  readonly rows: number
  readonly #adapt: Adapt
  /** an empty row is undefined */
  readonly #drafts: (Draft | undefined)[] = []
  readonly #written = new Map<string, Written>()
  #row = 0
  #column = 0
  #style: Style = plain
  #linked: keyof typeof focusMark | undefined
  #focus: Focus | undefined
  #isStamping = false

  constructor(columns: number, rows: number, adapt: Adapt) {
    this.columns = columns
    this.rows = rows
    this.#adapt = adapt
  }

  write(text: string): void {
    for (const [piece, parameters, , final, link] of text.matchAll(pieces)) {
      if (final !== undefined) this.#control(final, parameters ?? '')
      else if (link !== undefined) this.#link(link)
      else if (piece >= ' ' && piece[0] !== '\x7f') this.#text(piece)
      else if (piece === '\n') this.#to(this.#row + 1, 0)
      else if (piece === '\r') this.#column = 0
      else if (piece === '\b') this.#to(this.#row, this.#column - 1)
    }
  }

  /** What is on the sheet now. */
  grid(): Grid {
    const blank = blankRow(this.columns)
    return Array.from({ length: this.rows }, (_, row): Row => {
      const draft = this.#drafts[row]
      if (!draft) return blank
      return draft.shared ? draft : { text: draft.text.slice(), styles: draft.styles.slice() }
    })
  }

  get focus(): Focus | undefined {
    return this.#focus
  }

  #to(row: number, column: number): void {
    this.#row = Math.min(mostRows, Math.max(0, row))
    this.#column = Math.max(0, column)
  }

  #control(final: string, parameters: string): void {
    if (final === 'm') {
      this.#style = afterSgr(this.#style, parameters)
      return
    }
    if (parameters.startsWith('?')) return
    const [a, b] = parameters.split(';').map(Number)
    const count = Math.max(1, a || 1)
    if (final === 'A') this.#to(this.#row - count, this.#column)
    else if (final === 'B') this.#to(this.#row + count, this.#column)
    else if (final === 'C') this.#to(this.#row, this.#column + count)
    else if (final === 'D') this.#to(this.#row, this.#column - count)
    else if (final === 'E') this.#to(this.#row + count, 0)
    else if (final === 'F') this.#to(this.#row - count, 0)
    else if (final === 'G') this.#to(this.#row, count - 1)
    else if (final === 'H') this.#to(count - 1, (b || 1) - 1)
    else if (final === 'K') this.#eraseInLine(a || 0)
    else if (final === 'J') this.#eraseInScreen(a || 0)
  }

  #link(text: string): void {
    if (text === '8;;vdd:selected') this.#linked = 'selected'
    else if (text === '8;;vdd:typing') this.#linked = 'typing'
    else this.#linked = undefined
  }

  #draft(row: number): Draft {
    const known = this.#drafts[row]
    if (known && !known.shared) return known
    const { text, styles } = known ?? blankRow(this.columns)
    const draft = { text: text.slice(), styles: styles.slice() }
    this.#drafts[row] = draft
    return draft
  }

  #text(text: string): void {
    if (this.#linked) {
      this.#focus = {
        row: this.#row,
        column: Math.min(this.#column, this.columns - 1),
        typing: this.#linked === 'typing',
      }
      this.#linked = undefined
    }
    for (const [grapheme, columns] of measured(text)) {
      // Within a stamped line no other is looked up.
      const line = this.#isStamping ? undefined : lineOf(grapheme)
      if (line !== undefined) this.#stamped(line)
      if (columns === 0 || line !== undefined) continue
      this.#put(this.#draft(this.#row), grapheme, columns)
      this.#column += columns
    }
  }

  /** A line that stands for one character; its styles end with it. */
  #stamped(line: string): void {
    const isAlone = this.#column === 0 && !this.#drafts[this.#row]
    const known = isAlone ? this.#written.get(line) : undefined
    const { row, end, focus } = known ?? this.#write(line)
    if (known) {
      this.#drafts[this.#row] = row
      this.#column = end
      if (focus) this.#focus = { row: this.#row, ...focus }
    } else if (isAlone) {
      if (this.#written.size > mostWritten) this.#written.clear()
      this.#written.set(line, {
        row: { text: row.text.slice(), styles: row.styles.slice(), shared: true },
        end,
        focus,
      })
    }
  }

  #write(line: string): Written {
    const [style, before] = [this.#style, this.#focus]
    this.#isStamping = true
    this.write(line)
    this.#isStamping = false
    this.#style = style
    this.#linked = undefined
    const focus = this.#focus === before ? undefined : this.#focus
    return {
      row: this.#draft(this.#row),
      end: this.#column,
      focus: focus && { column: focus.column, typing: focus.typing },
    }
  }

  #put(draft: Draft, grapheme: string, columns: number): void {
    const at = this.#column
    if (at + columns > this.columns) {
      this.#split(draft, at)
      if (at < this.columns) this.#blank(draft, at, at + 1)
      return
    }
    this.#split(draft, at)
    this.#split(draft, at + columns)
    // A terminal that takes it for wider would go on in the next line, and in the last one scroll.
    const known = at + 1 < this.columns || isCertain(grapheme)
    const cells = this.#adapt(known ? grapheme : '?', columns, this.#style)
    for (const [i, { text, style }] of cells.entries()) {
      draft.text[at + i] = text
      draft.styles[at + i] = style
    }
  }

  /** A wide character of which one half is about to change loses the other too. */
  #split(draft: Draft, column: number): void {
    if (draft.text[column] === '') this.#blank(draft, column - 1, column + 1)
  }

  #blank(draft: Draft, from: number, to: number): void {
    draft.text.fill(' ', from, to)
    draft.styles.fill(plain, from, to)
  }

  #eraseInLine(how: number): void {
    const from = how === 0 ? Math.min(this.#column, this.columns) : 0
    const to = how === 1 ? Math.min(this.#column + 1, this.columns) : this.columns
    if (from === 0 && to === this.columns) this.#drafts[this.#row] = undefined
    else {
      const draft = this.#draft(this.#row)
      this.#split(draft, from)
      this.#split(draft, to)
      this.#blank(draft, from, to)
    }
    if (this.#focus?.row === this.#row) this.#focus = undefined
  }

  #eraseInScreen(how: number): void {
    if (how === 0) {
      this.#drafts.length = Math.min(this.#drafts.length, this.#row + 1)
      this.#eraseInLine(0)
      if (this.#focus && this.#focus.row > this.#row) this.#focus = undefined
    } else if (how === 2 || how === 3) {
      this.#drafts.length = 0
      this.#focus = undefined
    }
  }
}
