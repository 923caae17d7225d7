import { wallTime } from '../../hosts/clock.ts'
import { joined, say } from '../../hosts/label.ts'
import type { Alert } from '../alerts/alert.ts'
import type { Incident } from './record.ts'
import { lastedFor, stepsOf, titleOf } from './words.ts'

/** The incidents that are open, as the first of what needs attention. What fails by itself alone has an alert that says all of it. */
export function incidentAlerts(incidents: readonly Incident[], now: number): Alert[] {
  return incidents.filter(isMoreThanItsAlert).map((incident) => {
    const { id, concern } = incident
    // Figure first: that is what is asked at night.
    const text = joined(
      [say`${lastedFor(incident, wallTime(now))}: ${titleOf(incident)}`, ...stepsOf(incident)],
      '; ',
    )
    return {
      about: { kind: 'incident', id },
      host: concern.host,
      name: say`#${Number(id)}`,
      severity: 'bad',
      what: 'incident',
      text,
      advice: say``,
      // The journal uses the time of day.
      since: incident.fault.at - (wallTime(now) - now),
      ...(incident.fault.entry.raw === undefined ? {} : { isDated: true }),
    }
  })
}

function isMoreThanItsAlert({ open, rule }: Incident): boolean {
  return open.length > 0 && rule !== 'machine'
}
