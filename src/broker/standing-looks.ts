import type { DatabaseSync } from 'node:sqlite'

/** A question to a person whether somebody may look at their channel, or what they agreed to: its end is still to be told. */
export interface StandingLook {
  readonly by: string
  /** it is no question any more */
  readonly isAgreed: boolean
  /** the broker has seen itself that they asked */
  readonly isSeen: boolean
}

/** Of a channel of this person; undefined: nobody asks or looks. */
export function standingLook(db: DatabaseSync, channel: string, uid: number): StandingLook | undefined {
  const row = db.prepare('SELECT * FROM desk_look WHERE channel = ? AND uid = ?').get(channel, uid)
  return row && { by: String(row.by), isAgreed: row.agreed === 1, isSeen: row.seen === 1 }
}

/** Another one of the same channel is over, told or not. */
export function keepLook(
  db: DatabaseSync,
  channel: string,
  uid: number,
  { by, isAgreed, isSeen }: StandingLook,
): void {
  db.prepare('INSERT OR REPLACE INTO desk_look (channel, uid, by, agreed, seen) VALUES (?, ?, ?, ?, ?)').run(
    channel,
    uid,
    by,
    Number(isAgreed),
    Number(isSeen),
  )
}

export function forgetLook(db: DatabaseSync, channel: string, uid: number): void {
  db.prepare('DELETE FROM desk_look WHERE channel = ? AND uid = ?').run(channel, uid)
}
