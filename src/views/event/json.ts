import type { Entry } from '../../fleet/journal/journal.ts'
import { secondsOrNull } from '../../text/json.ts'
import { unsureOf } from './order.ts'

/** Entries of the journal as `--json` gives them; the fields are documented in docs/verbs.md and only ever added to. */
export function eventsJson(entries: readonly Entry[]) {
  const unsure = unsureOf(entries)
  return entries.map((entry) => listedJson(entry, unsure.has(entry.id)))
}

/** One of several. @param isUnsure another one of them may have been before it, or after */
export function listedJson(entry: Entry, isUnsure: boolean) {
  return { ...eventJson(entry), orderUncertain: isUnsure }
}

export function eventJson(entry: Entry) {
  return {
    id: entry.id,
    at: new Date(entry.at).toISOString(),
    seenAt: new Date(entry.seenAt ?? entry.at).toISOString(),
    uncertaintySeconds: secondsOrNull(entry.uncertainty),
    kind: entry.kind,
    type: entry.type ?? null,
    source: entry.source ?? 'vdd',
    severity: entry.severity,
    host: entry.host,
    about: entry.about ?? null,
    uuid: entry.about?.kind === 'machine' ? entry.about.id : null,
    name: entry.name ?? null,
    text: entry.text,
    who: entry.who ?? null,
    plan: entry.plan ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    stateBefore: entry.states?.before ?? null,
    stateAfter: entry.states?.after ?? null,
    raw: entry.raw ?? null,
    instead: entry.instead ?? null,
  }
}
