import type { DatabaseSync } from 'node:sqlite'
import type { EventType } from '../event-types.ts'
import { type Ref, refText } from '../ref.ts'
import { isBest } from './entries.ts'
import { prepared } from './prepared.ts'

/** What entries tell of whether something still is so, and since when; milliseconds since the epoch. */
export interface Standing {
  /** when it began for the last time; none: that has ended, or nothing tells of it */
  readonly since?: number
  /** a log told so, which knows the time */
  readonly isOfLog?: boolean
  /** when something of the kind last ended */
  readonly endedAt?: number
}

/** Entries of one object that are looked through, at most: the newest. */
const most = 500

/** Whether something still is so, by the entries about an object: one of type `begun` begins it, and one of any of the types `ends` ends it. */
export function standingOf(
  db: DatabaseSync,
  about: Ref,
  begun: EventType,
  ends: readonly EventType[],
): Standing {
  const rows = prepared(
    db,
    `SELECT at, type, raw IS NOT NULL AS is_of_log FROM entry
      WHERE about = ? AND ${isBest} ORDER BY at DESC, id DESC LIMIT ?`,
  ).all(refText(about), most)
  const own = rows.filter(({ type }) => type === begun || ends.some((one) => one === type))
  const end = own.findIndex(({ type }) => type !== begun)
  const first = own.slice(0, end < 0 ? own.length : end).at(-1)
  return {
    ...(first ? { since: Number(first.at), isOfLog: Boolean(first.is_of_log) } : {}),
    ...(end < 0 ? {} : { endedAt: Number(own[end]?.at) }),
  }
}
