import type { Entry } from './entries.ts'
import type { Wanted } from './wanted.ts'

/** Whether an entry is wanted: the same as `condition` says in SQL. */
export function isWanted(
  { since, until, hosts, objects, severities, sources, types }: Wanted,
  { at, host, name, about, severity, source = 'vdd', type }: Entry,
): boolean {
  return (
    (since === undefined || at >= since) &&
    (until === undefined || at <= until) &&
    (!hosts || hosts.includes(host)) &&
    (!objects || [name, about?.id].some((one) => one !== undefined && objects.includes(one))) &&
    (!severities || severities.includes(severity)) &&
    (!sources || sources.includes(source)) &&
    (!types || (type !== undefined && types.includes(type)))
  )
}
