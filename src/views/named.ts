import type { Label } from '../hosts/label.ts'

/** A column, as a person names it. */
export interface Named {
  readonly id: string
  /** as it stands above the column; empty: it has none */
  readonly title: Label
}

/**
 * The columns that somebody may mean: by the id, by the heading, by how either begins, or by how a word of the heading does. The first
 * of these that finds any counts.
 */
export function columnsNamed<C extends Named>(columns: readonly C[], typed: string): readonly C[] {
  const word = typed.trim().toLowerCase()
  if (word === '') return []
  const words = (title: string) => title.toLowerCase().split(/[^a-z0-9]+/)
  const ways: readonly ((column: C) => boolean)[] = [
    ({ id }) => id === word,
    ({ title }) => title.toLowerCase() === word,
    ({ id }) => id.startsWith(word),
    ({ title }) => title.toLowerCase().startsWith(word),
    ({ title }) => words(title).some((one) => one.startsWith(word)),
  ]
  for (const way of ways) {
    const found = columns.filter(way)
    if (found.length) return found
  }
  return []
}

/** All by which a column is found, to propose what was meant. */
export function namesOf(columns: readonly Named[]): readonly string[] {
  return [...new Set(columns.flatMap(({ id, title }) => [id, ...(title ? [title.toLowerCase()] : [])]))]
}
