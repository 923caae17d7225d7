import { Fzf } from 'fzf'

/**
 * What a filter text leaves: nothing typed, all; `!text`, those without it; plain text, those that contain it; and when none
 * does, those that match it fuzzily by their likeness (`kz7` finds `kiosk-07`). Case matters only where the filter has a capital.
 */
export function filterRows<T>(
  rows: readonly T[],
  filter: string,
  text: (row: T) => string,
  likeness: (row: T) => string = text,
): readonly T[] {
  const wanted = filter.trim()
  if (wanted === '' || wanted === '!') return rows
  const fold = (s: string) => (wanted === wanted.toLowerCase() ? s.toLowerCase() : s)
  if (wanted.startsWith('!')) return rows.filter((row) => !fold(text(row)).includes(wanted.slice(1)))
  const containing = rows.filter((row) => fold(text(row)).includes(wanted))
  if (containing.length) return containing
  const texts: readonly Text[] = rows.map((row, index) => ({ index, text: likeness(row) }))
  const found: { readonly item: Text }[] = new Fzf(texts, { selector: (row: Text) => row.text }).find(wanted)
  return found.flatMap(({ item }) => rows[item.index] ?? [])
}

/**
 * The words that somebody may mean who has typed so much, the likeliest first: the very word, what begins with it, what has it within;
 * where there is none of these, what resembles it. What is alike stays in its order.
 */
export function ranked(words: readonly string[], typed: string): readonly string[] {
  const rank = (word: string) => (word === typed ? 0 : word.startsWith(typed) ? 1 : 2)
  return filterRows(words, typed, (word) => word).toSorted((a, b) => rank(a) - rank(b))
}

interface Text {
  readonly index: number
  readonly text: string
}
