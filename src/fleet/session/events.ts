import { say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { happening } from '../alerts/conditions.ts'
import type { DisplayServerRecord } from '../display/record.ts'
import type { FleetEvent } from '../event.ts'
import { type SessionRecord, sessionConcern, sessionsAt, sessionText } from './record.ts'

/** Milliseconds by which the time is known since which somebody is logged in: the system has it in whole seconds, and tells it by its own clock. */
const about = 5_000

/** What happened to the text sessions between two looks at a display server. */
export function textEvents(
  before: DisplayServerRecord,
  after: DisplayServerRecord,
  now: number,
): FleetEvent[] {
  // Of one that does not tell of them nothing is known.
  if (!before.logins || !after.logins) return []
  const [gone, come] = changesBetween(sessionsAt(before), sessionsAt(after))
  const lookedAt = before.reading?.at ?? now
  // Of a login nothing is told while the desk shows something else in its place.
  const goesOn = (login: SessionRecord) => come.some((other) => isSame(login, other))
  const wasThere = (login: SessionRecord) =>
    login.since < lookedAt - about || gone.some((other) => isSame(login, other))
  const event = (
    session: SessionRecord,
    type: 'session.opened' | 'session.closed',
    text: FleetEvent['text'],
  ): FleetEvent => ({ ...happening(sessionConcern(session)), severity: 'info', type, text })
  return [
    ...gone
      .filter((one) => one.kind === 'text' && !(isLogin(one) && goesOn(one)))
      .map((one) =>
        event(
          one,
          'session.closed',
          say`text session ended after ${duration(now - one.since)}: ${sessionText(one)}`,
        ),
      ),
    ...come
      .filter((one) => one.kind === 'text' && !(isLogin(one) && wasThere(one)))
      .map((one) => event(one, 'session.opened', say`text session opened: ${sessionText(one)}`)),
  ]
}

/** Those that went, and those that came. */
function changesBetween(
  before: readonly SessionRecord[],
  after: readonly SessionRecord[],
): [gone: SessionRecord[], come: SessionRecord[]] {
  const missing = (from: readonly SessionRecord[], of: readonly SessionRecord[]) => {
    const ids = new Set(from.map(({ id }) => id))
    return of.filter(({ id }) => !ids.has(id))
  }
  return [missing(after, before), missing(before, after)]
}

/** Whether it is a login on the display server itself, and not what the desk shows on one. */
function isLogin(session: SessionRecord): boolean {
  return session.kind === 'text' && session.login.machine === undefined
}

/** Whether this is shown in place of a login: a desktop of its person, or what the desk shows on its terminal. */
function isSame(login: SessionRecord, other: SessionRecord): boolean {
  return other.uid === login.uid && (other.kind === 'desktop' || other.key === login.key)
}
