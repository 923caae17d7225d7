import type { Incident } from '../../fleet/incident/record.ts'
import type { Entry } from '../../fleet/journal/journal.ts'
import type { At, Watched } from './kind.ts'

/** Milliseconds: clocks of which little is known may put an event before its cause. */
const before = 500

/** What is not older than what was broken. */
export function since<T extends { readonly at: number }>(broken: At, all: readonly T[]): readonly T[] {
  return all.filter(({ at }) => at >= broken.at - before)
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
