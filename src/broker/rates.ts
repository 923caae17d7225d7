import type { DatabaseSync } from 'node:sqlite'

/**
 * How much a person may do in a while, by all their brokers together. `asked`: requests, many times what a desk makes. `told`: entries in the journal,
 * so that nobody can drive older ones out of it.
 */
export const allowances = {
  asked: { most: 120, span: 60_000 },
  told: { most: 120, span: 3_600_000 },
} as const
type Counted = keyof typeof allowances

/** It is used up. */
export interface UsedUp {
  /** of the one entry that says so */
  readonly reference: string
  /** milliseconds since the epoch */
  readonly until: number
}

/** Whether it is used up; undefined: it is not. */
export function usedUp(db: DatabaseSync, what: Counted, uid: number, now: number): UsedUp | undefined {
  const { span } = allowances[what]
  const since = Math.floor(now / span)
  const row = db
    .prepare(
      'SELECT reference FROM desk_rate WHERE what = ? AND uid = ? AND since = ? AND reference IS NOT NULL',
    )
    .get(what, uid, since)
  return row && { reference: String(row.reference), until: (since + 1) * span }
}

/** Counts one more. `reference`: by which it is known if this is the one that is too many; undefined: it is not, or one before it was. */
export function count(
  db: DatabaseSync,
  what: Counted,
  uid: number,
  now: number,
  reference: string,
): UsedUp | undefined {
  const { span, most } = allowances[what]
  const since = Math.floor(now / span)
  db.prepare('DELETE FROM desk_rate WHERE what = ? AND since <> ?').run(what, since)
  db.prepare(
    'INSERT INTO desk_rate (what, uid, since, times) VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1',
  ).run(what, uid, since)
  const row = db.prepare('SELECT times, reference FROM desk_rate WHERE what = ? AND uid = ?').get(what, uid)
  if (Number(row?.times) <= most || row?.reference !== null) return undefined
  db.prepare('UPDATE desk_rate SET reference = ? WHERE what = ? AND uid = ?').run(reference, what, uid)
  return { reference, until: (since + 1) * span }
}
