import type { DatabaseSync } from 'node:sqlite'
import { cutBefore } from './chain.ts'

/** What is kept of the journal; a bound that is missing bounds nothing. */
export interface Bounds {
  readonly entries?: number
  readonly days?: number
  /** bytes of the file that are in use; of what the desk writes down there nothing is taken away */
  readonly size?: number
}

/** What is kept where nothing else is said, so that the file stays small for years. */
export const usualBounds: Bounds = { entries: 100_000 }

/** Of the newest so many are kept, whatever the file is large of. */
const least = 1_000
/** So many are taken away in one piece, so that no key waits. */
const atOnce = 2_000
const day = 86_400_000

/**
 * Takes away what is oldest, some of it. To be called in a transaction.
 *
 * @param now milliseconds since the epoch
 * @returns whether more is to be taken away
 */
export function prune(db: DatabaseSync, bounds: Bounds, now: number): boolean {
  const { first, last } = db.prepare('SELECT min(id) AS first, max(id) AS last FROM entry').get() ?? {}
  if (typeof first !== 'number' || typeof last !== 'number') return false
  const upTo = Math.max(
    last - (bounds.entries ?? Number.POSITIVE_INFINITY),
    bounds.days === undefined ? 0 : lastBefore(db, now - bounds.days * day),
    bounds.size === undefined ? 0 : lastBeyond(db, bounds.size, first, last),
  )
  if (upTo < first) return false
  const end = Math.min(upTo, first + atOnce - 1)
  cutBefore(db, end)
  return end < upTo
}

/** The last entry of those before the first one that was seen since; what was written later is not older, whatever its clock said. */
function lastBefore(db: DatabaseSync, time: number): number {
  const row = db
    .prepare(
      `SELECT coalesce((SELECT id FROM entry WHERE coalesce(seen_at, at) >= ? ORDER BY id LIMIT 1) - 1, max(id)) AS id FROM entry`,
    )
    .get(time)
  return Number(row?.id)
}

/** As many as the file is too large for, where all are equally large. */
function lastBeyond(db: DatabaseSync, size: number, first: number, last: number): number {
  const pragma = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  if (used <= size) return 0
  const beyond = Math.ceil((last - first + 1) * (1 - size / used))
  return Math.min(first + beyond - 1, last - least)
}
