import type { DatabaseSync } from 'node:sqlite'
import { refText } from '../ref.ts'
import type { NewEntry } from './entries.ts'
import { prepared } from './prepared.ts'

/** Two consoles that share a journal see the same event; within this many milliseconds it is one. */
const sameWithin = 3_000

/** Milliseconds: when it happened, they agree as far as this, so that few lines are looked at. */
const agreed = 600_000

/**
 * Whether another console has told there of the same, at about the same time. In the transaction that writes, and before it writes, nothing can
 * come in between: what nobody has told is then told once.
 *
 * @param session whose own lines do not count
 */
export function isToldByOther(db: DatabaseSync, entry: NewEntry, session: string): boolean {
  const { about, at, host, text } = entry
  if (!about) return false
  const seen = entry.seenAt ?? at
  const lines = prepared(
    db,
    `SELECT text FROM entry WHERE about = ? AND at > ? AND at < ? AND host = ? AND session <> ?
     AND abs(coalesce(seen_at, at) - ?) < ${sameWithin}`,
  ).all(refText(about), at - agreed, at + agreed, host, session, seen)
  return lines.some((line) => saidOf(String(line.text)) === saidOf(text))
}

/** Durations are left out: each console has measured them for itself. */
function saidOf(text: string): string {
  return text.replace(/\d+(\.\d+)? (ms|s|min|h|d)\b/g, '')
}
