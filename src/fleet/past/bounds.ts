import type { DatabaseSync } from 'node:sqlite'

/** What is kept of how it was. */
export interface PastBounds {
  /** 0: nothing */
  readonly days: number
  /** bytes of what is packed, together */
  readonly size: number
}

export const usualPast: PastBounds = { days: 7, size: 200 * 2 ** 20 }

const hour = 3_600_000
const day = 24 * hour
/** Of what is older than this one in ten minutes is kept; the later ones only where all together is too large. */
const thinned = [day, 6 * hour, hour] as const
const coarse = 600_000

/**
 * Takes away what is too old or too much, the oldest last of all: first there is less of each hour. What an incident opened with stays as long as anything
 * of its time. To be called in a transaction.
 *
 * @param now milliseconds since the epoch
 */
export function thin(db: DatabaseSync, { days, size }: PastBounds, now: number): void {
  db.prepare('DELETE FROM moment WHERE at < ?').run(now - days * day)
  for (const [i, age] of thinned.entries())
    if (i === 0 || used(db) > size)
      db.prepare(
        `DELETE FROM moment WHERE at < ?1 AND opened = 0
          AND at NOT IN (SELECT min(at) FROM moment WHERE at < ?1 AND opened = 0 GROUP BY at / ${coarse})`,
      ).run(now - age)
  if (used(db) > size)
    db.prepare(
      `DELETE FROM moment WHERE at IN
        (SELECT at FROM (SELECT at, sum(bytes) OVER (ORDER BY at DESC) AS so_far FROM moment) WHERE so_far > ?)`,
    ).run(size)
}

function used(db: DatabaseSync): number {
  return Number(db.prepare('SELECT coalesce(sum(bytes), 0) AS used FROM moment').get()?.used)
}
