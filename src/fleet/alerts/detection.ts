import { type Label, say } from '../../hosts/label.ts'
import type { LdirectordEvent } from '../../services/ldirectord/facts.ts'
import { tenths } from '../../text/duration.ts'
import type { DirectoryRecord } from '../directory/record.ts'
import type { FleetEvent } from '../event.ts'

/** Milliseconds within which two observers of the same server tell of the same failure. */
const same = 30_000

/**
 * Adds to the later of two reports of a failure how much earlier the other observer saw it. The observers are this console's own check
 * and ldirectord.
 *
 * @param isFailure whether an event is about a failure: a server that is behind is not out
 */
export function withDelay(
  events: readonly FleetEvent[],
  at: number,
  earlier: number | undefined,
  first: Label,
  isFailure: (event: FleetEvent) => boolean = () => true,
): FleetEvent[] {
  if (earlier === undefined || at < earlier || at - earlier > same) return [...events]
  return events.map((event) =>
    event.severity === 'info' || !isFailure(event)
      ? event
      : { ...event, text: say`${event.text}, ${tenths(at - earlier)} s after ${first}` },
  )
}

/** When this console saw a front end's LDAP fail, if it still fails. */
export function failingSince(
  directories: readonly DirectoryRecord[],
  host: string | undefined,
): number | undefined {
  return directories.find((one) => one.host === host)?.failingSince
}

/** When ldirectord last took a front end out, if it is still out. */
export function takenOutAt(
  did: Iterable<LdirectordEvent>,
  isOf: (real: string) => boolean,
): number | undefined {
  const out = [...did].filter(
    ({ kind, real }) => (kind === 'quiescent' || kind === 'deleted') && real !== undefined && isOf(real),
  )
  return out.length ? Math.max(...out.map(({ at }) => at)) : undefined
}
