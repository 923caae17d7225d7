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

/** What of an entry is filtered. */
interface Filtered {
  readonly at: number
  readonly host: string
  readonly about?: { readonly id: string }
  readonly name?: string
  readonly severity: string
  readonly source?: string
  readonly type?: string
}

type Value = string | number

/** A field of an entry: in SQL, and of an entry in memory; none is no value that is wanted. */
interface Field {
  readonly sql: string
  readonly of: (entry: Filtered) => Value | undefined
}

const at: Field = { sql: 'at', of: (entry) => entry.at }
const host: Field = { sql: 'host', of: (entry) => entry.host }
const name: Field = { sql: 'name', of: (entry) => entry.name }
// What somebody else has written need not be JSON.
const id: Field = {
  sql: "iif(json_valid(about), json_extract(about, '$.id'), NULL)",
  of: ({ about }) => about?.id,
}
const severity: Field = { sql: 'severity', of: (entry) => entry.severity }
const source: Field = { sql: "coalesce(source, 'vdd')", of: (entry) => entry.source ?? 'vdd' }
const type: Field = { sql: 'type', of: (entry) => entry.type }

/** What a filter holds against a field: the same in SQL and in memory. */
interface Comparison {
  readonly sql: (field: string, count: number) => string
  readonly holds: (value: Value, wanted: readonly Value[]) => boolean
}

const from: Comparison = {
  sql: (field) => `${field} >= ?`,
  holds: (value, [wanted]) => wanted !== undefined && value >= wanted,
}
const upTo: Comparison = {
  sql: (field) => `${field} <= ?`,
  holds: (value, [wanted]) => wanted !== undefined && value <= wanted,
}
const among: Comparison = {
  sql: (field, count) => `coalesce(${field} IN (${Array(count).fill('?').join()}), 0)`,
  holds: (value, wanted) => wanted.includes(value),
}

/** One of the fields is to be so. */
const filters: Readonly<Record<keyof Wanted, readonly [Comparison, ...Field[]]>> = {
  since: [from, at],
  until: [upTo, at],
  hosts: [among, host],
  objects: [among, name, id],
  severities: [among, severity],
  sources: [among, source],
  types: [among, type],
}

/** Those that are asked for, each with what it is to be. */
function asked(wanted: Wanted): { comparison: Comparison; fields: readonly Field[]; values: Value[] }[] {
  return (Object.keys(filters) as (keyof Wanted)[]).flatMap((key) => {
    const value = wanted[key]
    const [comparison, ...fields] = filters[key]
    return value === undefined ? [] : [{ comparison, fields, values: [value].flat() }]
  })
}

/** A filter in SQL, with its parameters; where nothing is said it is true. */
export function condition(wanted: Wanted): { readonly sql: string; readonly values: readonly Value[] } {
  const all = asked(wanted)
  const sql = all.map(({ comparison, fields, values }) => {
    const any = fields.map((field) => comparison.sql(field.sql, values.length))
    return `(${any.join(' OR ')})`
  })
  return {
    sql: sql.join(' AND ') || '1',
    values: all.flatMap(({ fields, values }) => fields.flatMap(() => values)),
  }
}

/** Whether an entry is wanted: what `condition` says in SQL. */
export function isWanted(wanted: Wanted, entry: Filtered): boolean {
  return asked(wanted).every(({ comparison, fields, values }) =>
    fields.some((field) => {
      const value = field.of(entry)
      return value !== undefined && comparison.holds(value, values)
    }),
  )
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
