import stringWidth from 'string-width'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Characters that take one column and join no other: Latin, Greek and Cyrillic letters and what stands beside them. */
const single =
  /^[ -~\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f]*$/

/** Whether each of its characters takes one column, as far as that is seen at once. */
export function isSingle(text: string): boolean {
  return single.test(text)
}

/** The characters of a text as a person counts them, each with the columns that it takes: 0, 1 or 2. */
export function* measured(text: string): Generator<readonly [grapheme: string, columns: number]> {
  if (isSingle(text)) for (const character of text) yield [character, 1]
  else for (const { segment } of segmenter.segment(text)) yield [segment, columnsOf(segment)]
}

const widths = new Map<string, number>()

/** Columns that a grapheme takes. Kept, since a screen shows few different ones, and the next look has the same. */
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
