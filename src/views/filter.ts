import { Fzf } from 'fzf'

/** Whether a text contains what a filter asks for: anything where nothing is typed; `!text`: whether it does not. Case matters only where the filter has a capital. */
export function containing(filter: string): (text: string) => boolean {
  const wanted = filter.trim()
  if (wanted === '' || wanted === '!') return () => true
  const fold = (s: string) => (wanted === wanted.toLowerCase() ? s.toLowerCase() : s)
  return wanted.startsWith('!')
    ? (text) => !fold(text).includes(wanted.slice(1))
    : (text) => fold(text).includes(wanted)
}

/**
 * What a filter text leaves: what contains it, and when nothing does, what matches it fuzzily by its likeness (`kz7` finds
 * `kiosk-07`).
 */
export function filterRows<T>(
  rows: readonly T[],
  filter: string,
  text: (row: T) => string,
  likeness: (row: T) => string = text,
): readonly T[] {
  if (['', '!'].includes(filter.trim())) return rows
  const contains = containing(filter)
  const found = rows.filter((row) => contains(text(row)))
  if (found.length || filter.trim().startsWith('!')) return found
  const texts: readonly Text[] = rows.map((row, index) => ({ index, text: likeness(row) }))
  const near: { readonly item: Text }[] = new Fzf(texts, { selector: (row: Text) => row.text }).find(
    filter.trim(),
  )
  return near.flatMap(({ item }) => rows[item.index] ?? [])
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
