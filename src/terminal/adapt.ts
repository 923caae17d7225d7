import type { Profile } from './profile.ts'
import {
  attributesOf,
  backgroundOf,
  bold,
  foregroundOf,
  graphic,
  type Style,
  styleOf,
  styleOfBlank,
} from './style.ts'

interface Cell {
  readonly text: string
  readonly style: Style
}

/** Makes of a grapheme of 1 or 2 columns the cells in which this terminal shows it. */
export type Adapt = (grapheme: string, columns: number, style: Style) => readonly Cell[]

/** What a terminal cannot show becomes what it can: characters, lines, colours, attributes. */
export function adaptTo(profile: Profile): Adapt {
  const texts = new Map<string, readonly string[]>()
  const styles = new Map<Style, Style>()
  return (grapheme, columns, style) => {
    let shown = styles.get(style)
    if (shown === undefined) {
      shown = shownStyle(style, profile)
      styles.set(style, shown)
    }
    if (grapheme === ' ') return [{ text: ' ', style: styleOfBlank(shown) }]
    if (grapheme.length === 1 && grapheme < '\x7f') return [{ text: grapheme, style: shown }]
    let cells = texts.get(grapheme)
    if (!cells) {
      if (texts.size > 4096) texts.clear()
      cells = shownText(grapheme, columns, profile)
      texts.set(grapheme, cells)
    }
    if (cells[0]?.startsWith(shift)) return [{ text: cells[0].slice(1), style: shown | graphic }]
    return cells.map((text) => ({ text, style: text === ' ' ? styleOfBlank(shown) : shown }))
  }
}

/** Stands before a character of the DEC special graphics set. */
const shift = '\x0e'

function shownText(grapheme: string, columns: number, { utf8, lines }: Profile): readonly string[] {
  const [dec, ascii] = lineDrawing[grapheme] ?? []
  if (ascii !== undefined && lines !== 'utf8') return [lines === 'dec' && dec ? shift + dec : ascii]
  if (utf8) return columns === 2 ? [plainest(grapheme), ''] : [plainest(grapheme)]
  const known = ascii ?? substitutes[grapheme] ?? withoutAccents(grapheme)
  return columns === 2 ? [known ?? '?', known === undefined ? '?' : ' '] : [known ?? '?']
}

/** Old terminals draw the parts of a composed character side by side: of several emoji in one the first stands for all. */
function plainest(grapheme: string): string {
  const composed = grapheme.normalize('NFC')
  return /^.\p{M}*$/u.test(composed) ? composed.replace(/[\ufe00-\ufe0f]/g, '') : ([...composed][0] ?? ' ')
}

/** `é` is better read as `e` than as `?`. */
function withoutAccents(grapheme: string): string | undefined {
  const [base = ''] = grapheme.normalize('NFD')
  return base >= '!' && base <= '~' ? base : undefined
}

function shownStyle(style: Style, { colours, attributes }: Profile): Style {
  const kept = attributesOf(style) & attributes
  if (!colours) return kept
  const foreground = fewerColours(foregroundOf(style), colours)
  const background = fewerColours(backgroundOf(style), colours)
  // Of eight colours the bright ones are the bold ones; a background is never bright there.
  const bright = colours === 8 && foreground > 8
  return styleOf(
    kept | (bright ? bold & attributes : 0),
    bright ? foreground - 8 : foreground,
    colours === 8 && background > 8 ? background - 8 : background,
  )
}

/** A colour of the palette of 256 as the nearest of the first 16. */
function fewerColours(colour: number, colours: Profile['colours']): number {
  if (colour <= 16 || colours === 256) return colour
  const index = colour - 1
  if (index >= 232) return index < 236 ? 1 : index < 244 ? 9 : index < 250 ? 8 : 16
  const [red, green, blue] = [
    Math.floor((index - 16) / 36),
    Math.floor((index - 16) / 6) % 6,
    (index - 16) % 6,
  ] as [number, number, number]
  const high = Math.max(red, green, blue)
  if (high < 2) return 1
  const part = (level: number, bit: number) => (level * 2 > high ? bit : 0)
  return 1 + (part(red, 1) | part(green, 2) | part(blue, 4)) + (high > 4 ? 8 : 0)
}

/** Lines and blocks: in the DEC special graphics set (VT100 User Guide, table 3-9), and in ASCII. '' where DEC has none. */
const lineDrawing: Readonly<Record<string, readonly [dec: string, ascii: string]>> = {
  '─': ['q', '-'],
  '━': ['q', '-'],
  '═': ['q', '='],
  '│': ['x', '|'],
  '┃': ['x', '|'],
  '║': ['x', '|'],
  '┌': ['l', '+'],
  '┐': ['k', '+'],
  '└': ['m', '+'],
  '┘': ['j', '+'],
  '╭': ['l', '+'],
  '╮': ['k', '+'],
  '╰': ['m', '+'],
  '╯': ['j', '+'],
  '╔': ['l', '+'],
  '╗': ['k', '+'],
  '╚': ['m', '+'],
  '╝': ['j', '+'],
  '├': ['t', '+'],
  '┤': ['u', '+'],
  '┬': ['w', '+'],
  '┴': ['v', '+'],
  '┼': ['n', '+'],
  '░': ['a', '.'],
  '▒': ['a', ':'],
  '▓': ['a', '#'],
  '█': ['', '#'],
  '▁': ['', '_'],
  '▂': ['', '_'],
  '▃': ['', '.'],
  '▄': ['', '-'],
  '▅': ['', '='],
  '▆': ['', '*'],
  '▇': ['', '#'],
  '◆': ['`', '*'],
  '·': ['~', '.'],
  '•': ['~', '*'],
  '°': ['f', 'o'],
  '±': ['g', '~'],
  '≤': ['y', '<'],
  '≥': ['z', '>'],
  '≠': ['|', '#'],
  π: ['{', 'p'],
}

const substitutes: Readonly<Record<string, string>> = {
  '…': '~',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '<',
  '»': '>',
  '×': 'x',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '\u00a0': ' ',
  ß: 's',
  ø: 'o',
  Ø: 'O',
  æ: 'a',
  Æ: 'A',
  ł: 'l',
  Ł: 'L',
}
