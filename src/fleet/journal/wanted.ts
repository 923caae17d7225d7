import type { Severity } from '../event.ts'
import { type EventSource, type EventType, eventTypes } from '../event-types.ts'

/** A filter of entries; a missing field allows all. */
export interface Wanted {
  /** milliseconds since the epoch, both inclusive */
  readonly since?: number
  readonly until?: number
  readonly hosts?: readonly string[]
  /** what they are about: names as they are shown, or ids */
  readonly objects?: readonly string[]
  readonly severities?: readonly Severity[]
  readonly sources?: readonly EventSource[]
  readonly types?: readonly EventType[]
}

/** A filter in SQL, with its parameters; where nothing is said it is true. `isWanted` says the same of an entry. */
export function condition({ since, until, hosts, objects, severities, sources, types }: Wanted): {
  readonly sql: string
  readonly values: readonly (string | number)[]
} {
  const among = (field: string, values: readonly string[]) =>
    `coalesce(${field} IN (${values.map(() => '?').join()}), 0)`
  // What somebody else has written need not be JSON.
  const id = "iif(json_valid(about), json_extract(about, '$.id'), NULL)"
  const parts: (readonly [string, readonly (string | number)[]])[] = [
    ...(since === undefined ? [] : [['at >= ?', [since]] as const]),
    ...(until === undefined ? [] : [['at <= ?', [until]] as const]),
    ...(hosts ? [[among('host', hosts), hosts] as const] : []),
    ...(objects
      ? [[`(${among('name', objects)} OR ${among(id, objects)})`, [...objects, ...objects]] as const]
      : []),
    ...(severities ? [[among('severity', severities), severities] as const] : []),
    ...(sources ? [[among("coalesce(source, 'vdd')", sources), sources] as const] : []),
    ...(types ? [[among('type', types), types] as const] : []),
  ]
  return {
    sql: parts.map(([one]) => one).join(' AND ') || '1',
    values: parts.flatMap(([, values]) => values),
  }
}

/** What a word means: `host.lost` itself, `host` or `host.*` all that begin so; empty: nothing. */
export function typesNamed(word: string): readonly EventType[] {
  const all = Object.keys(eventTypes) as EventType[]
  const group = word.replace(/\.\*$/, '')
  return all.filter((one) => one === word || one.startsWith(`${group}.`))
}

/** The worst first. */
export const severities: readonly Severity[] = ['bad', 'warning', 'info']

/** Those that are at least so bad. */
export function atLeast(least: Severity = 'info'): readonly Severity[] {
  return severities.slice(0, severities.indexOf(least) + 1)
}
