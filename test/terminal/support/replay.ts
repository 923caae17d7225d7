import headless, { type IBufferCell } from '@xterm/headless'
import type { Grid } from '../../../src/terminal/grid.ts'
import {
  attributesOf,
  backgroundOf,
  blink,
  bold,
  dim,
  foregroundOf,
  graphic,
  inverse,
  italic,
  type Style,
  strike,
  underline,
} from '../../../src/terminal/style.ts'
import { isCertain } from '../../../src/terminal/width.ts'

/** DEC special graphics from 0x60 on (VT100 User Guide, table 3-9), as other terminals show them. */
const graphics = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·'

/** A terminal that shows what it is sent; what stands in it can be compared with what should. */
export class Replay {
  readonly #screen: headless.Terminal
  readonly #rows: number

  constructor(columns: number, rows: number, before = '') {
    this.#screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 10 })
    this.#rows = rows
    if (before) this.#screen.write(before)
  }

  async write(bytes: string): Promise<void> {
    // The terminal driver's ONLCR.
    await new Promise<void>((resolve) => this.#screen.write(bytes.replaceAll('\n', '\r\n'), resolve))
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows)
  }

  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#screen.buffer.active
    return { row: cursorY, column: cursorX }
  }

  /** How many lines have scrolled off the upper edge. */
  get scrolledLines(): number {
    return this.#screen.buffer.active.baseY
  }

  dispose(): void {
    this.#screen.dispose()
  }

  text(): string[] {
    const { active } = this.#screen.buffer
    return Array.from(
      { length: this.#rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    )
  }

  /** The cells that are not as they should be. */
  differences(wanted: Grid): string[] {
    const { active } = this.#screen.buffer
    const found: string[] = []
    for (const [row, { text, styles }] of wanted.entries()) {
      const line = active.getLine(active.baseY + row)
      for (const [column, grapheme] of text.entries()) {
        const cell = line?.getCell(column)
        const style = styles[column] ?? 0
        const shown = cell ? describeShown(cell) : 'nothing'
        const should = describeWanted(grapheme, style)
        // Nobody knows how wide a terminal makes these; the cell after them may be blank.
        const half = grapheme === '' && !isCertain(text[column - 1] ?? ' ')
        if (shown !== should && !half) found.push(`${row},${column}: ${shown} should be ${should}`)
      }
    }
    return found
  }
}

function describeShown(cell: IBufferCell): string {
  const attributes =
    (cell.isBold() ? bold : 0) |
    (cell.isDim() ? dim : 0) |
    (cell.isItalic() ? italic : 0) |
    (cell.isUnderline() ? underline : 0) |
    (cell.isBlink() ? blink : 0) |
    (cell.isInverse() ? inverse : 0) |
    (cell.isStrikethrough() ? strike : 0)
  const foreground = cell.isFgDefault() ? 0 : cell.getFgColor() + 1
  const background = cell.isBgDefault() ? 0 : cell.getBgColor() + 1
  return look(cell.getWidth() === 0 ? '' : cell.getChars() || ' ', attributes, foreground, background)
}

function describeWanted(grapheme: string, style: Style): string {
  const text = style & graphic && grapheme !== ' ' ? [...graphics][grapheme.charCodeAt(0) - 0x60] : grapheme
  return look(text ?? '?', attributesOf(style) & ~graphic, foregroundOf(style), backgroundOf(style))
}

/** On a blank neither weight nor foreground is seen, unless it is inverse. */
function look(text: string, attributes: number, foreground: number, background: number): string {
  const blank = text === ' '
  const seen = blank ? attributes & (inverse | underline | strike) : attributes
  const front = blank && !(attributes & inverse) ? 0 : foreground
  return JSON.stringify([text, seen, front, background])
}
