import type { Entry } from '../../fleet/journal/journal.ts'

/** Entries of which it is not certain whether they came before this one or after: by so much both times may be wrong. What one source on one host tells is in its order. */
export function unsureAgainst(entry: Entry, entries: readonly Entry[]): Entry[] {
  return entries.filter((other) => {
    if (other.id === entry.id || (other.host === entry.host && other.source === entry.source)) return false
    const both = (entry.uncertainty ?? 0) + (other.uncertainty ?? 0)
    return both > 0 && Math.abs(other.at - entry.at) <= both
  })
}
