import type { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import type { SystemConfig } from '../config/desk.ts'
import {
  openSessions,
  type Session,
  sessionOfChannel,
  writeLater,
  writeStart,
} from '../fleet/journal/sessions.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { duration } from '../text/duration.ts'
import { freeAfter, givenUntil, readBookings } from './holds.ts'
import type { Person } from './person.ts'
import type { BrokerRequest, Refusal } from './protocol.ts'

export type AccountRequest = Extract<BrokerRequest, { ask: 'account' }>

/** What came of it: `wrote` tells of what was written, if anything was. */
type Accounted = { readonly wrote?: Label } | { readonly no: Refusal; readonly why: Label }

/** Sessions that one person may have at once: more than anybody can look at. */
export const mostAtOnce = 50
/** Milliseconds between two lines that a session is still there; what is said more often is not written. */
const aliveEvery = 4 * 60_000
/** A channel that has ended is not begun again: what says so says it a second time. After so many milliseconds it is another one of the same name. */
const forgotten = 24 * 3_600_000

/**
 * Writes down what is said of a channel: one start and one end of each, however often they are told. Of a channel that is another person's nothing
 * is written. To be called in a transaction.
 *
 * @param system the system of the catalogue that this person may choose and that has the machine; none: there is no such
 */
export function account(
  db: DatabaseSync,
  request: AccountRequest,
  person: Person,
  system: SystemConfig | undefined,
  now: number,
): Accounted {
  const { what, channel, machine, how, ago = 0 } = request
  if (what !== 'end' && (how !== undefined || request.ago !== undefined))
    return malformed(say`how and when it ended is told at its end`)
  const known = sessionOfChannel(db, channel)
  const isOver = known?.endedAt !== undefined && now - known.endedAt > forgotten
  if (what === 'start' && (!known || isOver)) return start(db, request, person, system, now)
  if (!known || known.uid !== person.uid)
    return { no: 'not-for-you', why: say`channel ${label(channel)}: there is none of this person` }
  if (known.machine !== machine) return malformed(say`channel ${label(channel)} is on another machine`)
  if (what === 'start') return again(known, request)
  if (what === 'alive' && known.how === 'silent') {
    // It was only not heard: what it tells from now on is another session of the same channel.
    writeStart(db, known, now)
    return { wrote: say`is heard again on ${label(machine)}, channel ${label(channel)}` }
  }
  if (known.endedAt !== undefined) return {}
  if (what === 'alive') {
    if (now - known.heardAt >= aliveEvery) writeLater(db, known, 'alive', now)
    return {}
  }
  const endedAt = Math.min(now, Math.max(known.heardAt, now - ago * 1000))
  writeLater(db, known, 'end', endedAt, how)
  freeAfter(db, known, now)
  const manner = how === undefined ? say`` : say` (${label(how)})`
  return {
    wrote: say`left ${label(machine)}${manner} after ${duration(endedAt - known.startedAt)}, channel ${label(channel)}`,
  }
}

function malformed(why: Label): Accounted {
  return { no: 'malformed', why }
}

function start(
  db: DatabaseSync,
  { channel, machine, session, terminal }: AccountRequest,
  { uid, name: who, groups }: Person,
  system: SystemConfig | undefined,
  now: number,
): Accounted {
  if (system === undefined)
    return { no: 'not-for-you', why: say`${label(machine)} is in no system for this person` }
  const until = givenUntil(db, machine, uid, now)
  if (until === undefined)
    return { no: 'not-for-you', why: say`${label(machine)} was not given to this person` }
  if (until <= now && isTaken(db, system, machine, uid, now))
    return { no: 'none-free', why: say`${label(machine)} was given to somebody else meanwhile` }
  const own = openSessions(db, now).filter((one) => one.uid === uid)
  if (own.length >= mostAtOnce) return { no: 'too-many', why: say`${own.length} sessions at once` }
  writeStart(db, { channel, uid, who, groups, terminal, machine, system: system.name, session }, now)
  return {
    wrote: say`is on ${label(machine)} from ${label(terminal)} with ${label(session)}, channel ${label(channel)}`,
  }
}

/** There is no room on it for one more person. */
function isTaken(
  db: DatabaseSync,
  { machines, people }: SystemConfig,
  machine: string,
  uid: number,
  now: number,
): boolean {
  const on = [...(readBookings(db, now).people.get(machine) ?? [])].filter((one) => one !== uid)
  return on.length >= people && !machines.find(({ name }) => name === machine)?.always
}

/** It was told before, and whoever told it has not heard the answer. */
function again(known: Session, { session, terminal }: AccountRequest): Accounted {
  const isSame = isDeepStrictEqual([known.session, known.terminal], [session, terminal])
  return isSame ? {} : malformed(say`channel ${label(known.channel)} has begun otherwise`)
}
