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
