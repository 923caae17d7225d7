import { atOnce, type Steps } from './slices.ts'

/**
 * Text that came from outside and may be shown: on the screen, in a table, in the journal.
 *
 * A machine name, a log line or an error text can hold escape sequences, newlines, bidirectional or
 * zero-width marks. `label()` is the one place where such text becomes printable, and the type keeps
 * everything else off the screen: a plain `string` is not a `Label`.
 */
export type Label = string & { readonly [labelled]: true }
declare const labelled: unique symbol

/** Text as it is, for a program and not for the eye: a label has more backslashes than the name that it shows, so it is none. */
export type Raw = string & { readonly [labelled]?: never }

/** Text that needs no second look: printable ASCII except the backslash. Nearly every name is of this kind. */
const plain = /^[ -[\]-~]*$/

/**
 * Characters that are shown by their number: all controls (Cc), format characters (Cf: bidirectional marks,
 * zero-width joiners, soft hyphen, tags), line and paragraph separators, surrogates, private use and
 * unassigned; the fillers and selectors that print nothing; and every blank that is not U+0020, since two
 * names that differ only there would look the same. Sources: Unicode general categories; UAX #9; UTS #39.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u115F\u1160\u2800\u3164\uFFA0\uFFFC\uFFFD]|\u034F|\u17B4|\u17B5|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u

const named: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\u001b': '\\e', '\\': '\\\\' }

function byNumber(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/** Characters of a text that are shown; no name, path or sentence is longer. */
const longest = 4_096
/**
 * More marks in a row than any script needs. Unicode's own bound is 30 (UAX #15, section 13): beyond it, putting them in order
 * costs the square of their number.
 */
const manyMarks = /\p{M}{31}/u

/**
 * Makes text printable so that two different texts never look the same: controls, marks and odd blanks become
 * `\n`, `\e`, `\x9b`, `\u{202e}`; a backslash becomes two; in text that is not in Unicode's composed form (NFC)
 * the combining marks are shown by number too. Printable ASCII without a backslash is returned unchanged. What is longer than 4096 characters is cut,
 * and says how much is left out: the cost is bounded, whatever a host says.
 */
export function label(text: string): Label {
  if (text.length > longest) return cut(text)
  if (plain.test(text)) return text as Label
  const composed = !manyMarks.test(text) && text.normalize('NFC') === text
  let shown = ''
  for (const character of text) {
    const shy = hidden.test(character) || (!composed && isDecomposed(character))
    shown += named[character] ?? (shy ? byNumber(character) : character)
  }
  return shown as Label
}

function cut(text: string): Label {
  // With room for the last words, so that what was cut is not cut again when it comes back from the journal.
  const room = longest - 64
  // not within a pair of surrogates
  const end = (text.codePointAt(room - 1) ?? 0) > 0xffff ? room - 1 : room
  return say`${label(text.slice(0, end))}\u2026 (${text.length - end} more characters)`
}

/** Marks, and the letters that join the one before them: Hangul vowels and finals, Kirat Rai vowels (NFC_QC=Maybe). */
const joins = /\p{M}|[\u1161-\u1175\u11A8-\u11C2]|[\u{16D63}-\u{16D6A}]/u

function isDecomposed(character: string): boolean {
  return joins.test(character) || character.normalize('NFC') !== character
}

const everyHidden = new RegExp(hidden.source, 'gu')

/**
 * The last look at text before it leaves the program: what moves a cursor or cannot be seen is written as JSON writes it, `\\u001b`; the ends
 * of lines stay, and what is printable already is left as it is.
 */
export function printable(text: string): string {
  return text.replace(everyHidden, (character) => (character === '\n' ? character : asUnits(character)))
}

/** Each UTF-16 unit as JSON writes it. */
function asUnits(character: string): string {
  let units = ''
  for (let i = 0; i < character.length; i++)
    units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  return units
}

/** Lines of a text that are shown. */
const mostLines = 20_000

/** Text of many lines, each of them printable; tabs become two blanks. For XML, logs and error texts. */
export function labelLines(text: string): Label[] {
  return atOnce(labelLineSteps(text))
}

/** The same, a line at a time. */
export function* labelLineSteps(text: string): Steps<Label[]> {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  const shown: Label[] = []
  for (const line of lines.slice(0, mostLines)) {
    shown.push(label(line.replaceAll('\t', '  ')))
    yield
  }
  if (lines.length > mostLines) shown.push(say`\u2026 (${lines.length - mostLines} more lines)`)
  return shown
}

/**
 * Joins labels and literals: the literal parts are the program's own words, the values must be labels or numbers. What is no finite number
 * is not known, and is said so: nobody reads `NaN` or `Infinity`.
 */
export function say(parts: TemplateStringsArray, ...values: readonly (Label | number)[]): Label {
  let said = parts[0] ?? ''
  for (const [i, value] of values.entries()) {
    const shown = typeof value === 'number' && !Number.isFinite(value) ? '?' : value
    said += `${shown}${parts[i + 1] ?? ''}`
  }
  return said as Label
}

/** Labels one after the other with the program's own text between them. */
export function joined(labels: readonly Label[], separator: string): Label {
  return labels.join(separator) as Label
}
