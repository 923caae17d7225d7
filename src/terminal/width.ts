import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The characters of a text as a person counts them, each with the columns that it takes: 0, 1 or 2. */
export function* measured(text: string): Generator<readonly [grapheme: string, columns: number]> {
  if (ascii.test(text)) for (const character of text) yield [character, 1]
  else for (const { segment } of graphemes.segment(text)) yield [segment, columnsOf(segment)]
}

const ascii = /^[ -~]*$/
const widths = new Map<string, number>()

/** Columns that a grapheme takes. Kept, since a screen shows few different ones. */
function columnsOf(grapheme: string): number {
  let columns = widths.get(grapheme)
  if (columns === undefined) {
    if (widths.size > 4096) widths.clear()
    columns = Math.min(2, stringWidth(grapheme))
    widths.set(grapheme, columns)
  }
  return columns
}

/**
 * Characters of which terminals know the same width, outside of East Asian locales: Latin, Greek, Cyrillic, box drawing and blocks,
 * kana, the old CJK ideographs and Hangul. On all others (emoji, ambiguous width, combined ones) terminals of different age disagree, and
 * after them nobody knows where the cursor stands.
 */
const certain =
  /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02af\u0370-\u03ff\u0400-\u0482\u048a-\u052f\u2500-\u259f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3]$/

export function isCertain(grapheme: string): boolean {
  return grapheme.length === 1 && (grapheme < '\x7f' || certain.test(grapheme))
}
