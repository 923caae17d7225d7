import type { DatabaseSync } from 'node:sqlite'
import { openSessions, type Session } from '../fleet/journal/sessions.ts'

/** Who is on which machine, or about to be. */
export interface Bookings {
  /** by machine: the numbers of the people */
  readonly people: ReadonlyMap<string, ReadonlySet<number>>
  /** machines that did not come up a short while ago */
  readonly shunned: ReadonlySet<string>
}

/** Milliseconds for which a machine waits for the person to whom it was given: a password may be asked in between, and a guest may boot. */
const patience = 10 * 60_000
/** Milliseconds beyond that in which the session may still be told of: who was asked for a password went away for coffee. */
const grace = 2 * 3_600_000
/** Milliseconds for which one that did not come up is not tried again. */
const rest = 3 * 60_000

/** Who holds a machine that nobody is to have: root is no person at a terminal. */
const nobody = 0

/** The people of sessions that are there, and those for whom a machine is kept. */
export function readBookings(db: DatabaseSync, now: number): Bookings {
  const held = db.prepare('SELECT machine, uid FROM desk_hold WHERE until > ?').all(now)
  const holds = held.map(({ machine, uid }) => ({ machine: String(machine), uid: Number(uid) }))
  const people = new Map<string, Set<number>>()
  for (const { machine, uid } of [...openSessions(db, now), ...holds.filter(({ uid }) => uid !== nobody)])
    people.set(machine, (people.get(machine) ?? new Set()).add(uid))
  return {
    people,
    shunned: new Set(holds.filter(({ uid }) => uid === nobody).map(({ machine }) => machine)),
  }
}

/** Whether a machine is kept for a person, or they are on it. */
export function isOn(db: DatabaseSync, machine: string, uid: number, now: number): boolean {
  return readBookings(db, now).people.get(machine)?.has(uid) === true
}

/** Keeps a machine for a person, in the transaction in which it was chosen; again: for as long from now on. */
export function hold(
  db: DatabaseSync,
  machine: string,
  uid: number,
  now: number,
  until = now + patience,
): void {
  db.prepare('DELETE FROM desk_hold WHERE until <= ?').run(now - grace)
  db.prepare('INSERT OR REPLACE INTO desk_hold (machine, uid, until) VALUES (?, ?, ?)').run(
    machine,
    uid,
    until,
  )
}

/** Until when it is or was kept for a person to whom it was given not long ago; undefined: it was not. */
export function givenUntil(db: DatabaseSync, machine: string, uid: number, now: number): number | undefined {
  const row = db.prepare('SELECT until FROM desk_hold WHERE machine = ? AND uid = ?').get(machine, uid)
  return row && Number(row.until) > now - grace ? Number(row.until) : undefined
}

/** A session that began then has ended: it is kept no longer, unless the person has asked for it again meanwhile. */
export function freeAfter(db: DatabaseSync, { machine, uid, startedAt }: Session, now: number): void {
  db.prepare('UPDATE desk_hold SET until = ? WHERE machine = ? AND uid = ? AND until BETWEEN ? AND ?').run(
    now,
    machine,
    uid,
    now,
    startedAt + patience,
  )
}

/** It did not come up: it is nobody's for a while. */
export function shun(db: DatabaseSync, machine: string, uid: number, now: number): void {
  db.prepare('DELETE FROM desk_hold WHERE machine = ? AND uid = ?').run(machine, uid)
  hold(db, machine, nobody, now, now + rest)
}
