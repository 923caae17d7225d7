import type { Incident, Phase } from '../../fleet/incident/record.ts'
import { after, titleOf } from '../../fleet/incident/words.ts'
import { orNull, secondsOrNull } from '../../text/json.ts'
import { eventsJson } from '../event/json.ts'

/** An incident as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function incidentJson(incident: Incident) {
  const { id, rule, concern, fault, detected, acted, settled, open, times, overBefore } = incident
  const restored = overBefore ? undefined : incident.restored
  const seconds = (phase: Phase | undefined) => secondsOrNull(phase && after(incident, phase))
  return {
    id: Number(id),
    state: open.length ? 'open' : 'over',
    rule,
    name: concern.name,
    about: concern.about,
    title: titleOf(incident),
    faultAt: isoOf(fault.at),
    uncertaintySeconds: secondsOrNull(fault.entry.uncertainty),
    detectedAfterSeconds: seconds(detected),
    actedAfterSeconds: seconds(acted),
    settledAfterSeconds: seconds(settled),
    restoredAt: restored ? isoOf(restored.at) : null,
    restoredAfterSeconds: seconds(restored),
    overBefore: overBefore ? isoOf(overBefore.at) : null,
    times,
    affected: incident.affected,
    open: open.map(({ id }) => id),
    notes: incident.notes.map(({ at, who, text }) => ({ at: isoOf(at), who: orNull(who), text })),
    events: eventsJson(incident.entries),
  }
}

/** The journal uses the time of day. */
function isoOf(at: number): string {
  return new Date(at).toISOString()
}
