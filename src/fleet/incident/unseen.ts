import { say } from '../../hosts/label.ts'
import type { Alert } from '../alerts/alert.ts'
import type { FleetEvent } from '../event.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Incident } from './record.ts'
import type { Ties } from './ties.ts'

/** Milliseconds for which nothing of an incident must be found. */
const lasts = 60_000

/**
 * Finds the incidents of the journal that are over although nobody saw their end: no console watched then, or what failed was taken away. Of the hosts that stand and
 * fall together there each has answered, and nothing is wrong with any: what is not known of one is wrong, too.
 */
export class Unseen {
  readonly #ties: Ties
  /** since when nothing is found, by incident */
  #since: ReadonlyMap<string, number> = new Map()

  constructor(ties: Ties) {
    this.#ties = ties
  }

  /** @param alerts what is wrong now */
  over(
    { incidents, hosts, seenAt }: Pick<Snapshot, 'incidents' | 'hosts' | 'seenAt'>,
    alerts: readonly Alert[],
    now: number,
  ): FleetEvent[] {
    const open = incidents.filter((incident) => incident.open.length)
    const counted = open.length
      ? alerts.filter(({ about, isMeasured }) => about.kind !== 'incident' && !isMeasured)
      : []
    const unfound = open.filter((incident) => {
      const groups = new Set(incident.open.flatMap((entry) => this.#groupsOf(entry)))
      return (
        hosts.every(({ name }) => seenAt.has(name) || !groups.has(this.#ties.groupOf(name).id)) &&
        !counted.some((alert) => this.#groupsOf(alert).some((id) => groups.has(id)))
      )
    })
    this.#since = new Map(unfound.map(({ id }) => [id, this.#since.get(id) ?? now]))
    return unfound.filter(({ id }) => now - (this.#since.get(id) ?? now) >= lasts).map(eventOf)
  }

  #groupsOf(told: Parameters<Ties['placeOf']>[0]): string[] {
    return this.#ties.placeOf(told).groups.map(({ id }) => id)
  }
}

function eventOf({ id, concern }: Incident): FleetEvent {
  return {
    severity: 'info',
    type: 'incident.over',
    about: { kind: 'incident', id },
    host: concern.host,
    name: say`#${Number(id)}`,
    text: say`over, and nobody saw its end`,
  }
}
