import type { At, Mark } from '../../fleet/drill/record.ts'
import type { Incident } from '../../fleet/incident/record.ts'
import type { Entry } from '../../fleet/journal/journal.ts'
import type { Watched } from './kind.ts'

/** Milliseconds: clocks of which little is known may put an event before its cause. */
const before = 500

/** What is not older than what was broken. */
export function since<T extends { readonly at: number }>(broken: At, all: readonly T[]): readonly T[] {
  return all.filter(({ at }) => at >= broken.at - before)
}

/** The last that is surely older; the times of what broke at once may be a little before it. */
export function atFirst<T extends { readonly at: number }>(broken: At, all: readonly T[]): T | undefined {
  return all.findLast(({ at }) => at < broken.at - before)
}

/** What vdd's timeline has for a moment; logs of whole seconds say so. */
export function toldBy(entry: Entry | undefined): NonNullable<Mark['told']> {
  return entry ? { at: entry.at, uncertainty: entry.uncertainty ?? 0 } : {}
}

/** The incident that has one of these entries, unless it began long before and has only come again. */
export function own(
  { broken, incidents }: Watched,
  of: readonly (Entry | undefined)[],
): Incident | undefined {
  const found = incidentWith(incidents, of)
  return found && found.fault.at >= broken.at - before ? found : undefined
}

export function incidentWith(
  incidents: readonly Incident[],
  of: readonly (Entry | undefined)[],
): Incident | undefined {
  const ids = new Set(of.map((one) => one?.id))
  return incidents.find(({ entries }) => entries.some(({ id }) => ids.has(id)))
}
