import type { Entry } from '../fleet/journal/journal.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { say } from '../hosts/label.ts'
import { csvLine } from '../text/csv.ts'
import { dateTime } from '../text/format.ts'
import { listedJson } from '../views/event/json.ts'
import { json } from './output.ts'

/** What is known of an entry from the others that are listed. */
export interface Listed {
  readonly entry: Entry
  /** another one may have been before it, or after */
  readonly isUnsure: boolean
  /** the one that it tells better, where that was listed already */
  readonly instead?: Entry
}

export type LineOf = (listed: Listed) => string

/** A line each, the hosts in a column as wide as those of the configuration. */
export function textOf({ hosts }: Pick<Snapshot, 'hosts'>): LineOf {
  const column = Math.max(0, ...hosts.map(({ name }) => name.length))
  return ({ entry: { at, severity, host, name, text, who }, isUnsure, instead }) => {
    const what = name ? say`${name}: ${text}` : text
    const again = instead ? `  (again: above as of ${dateTime(instead.at).trim()})` : ''
    return `${dateTime(at)}${isUnsure ? '~' : ' '} ${severity.padEnd(7)}  ${host.padEnd(column)}  ${what}${who ? `  (${who})` : ''}${again}`
  }
}

export function jsonLine({ entry, isUnsure }: Listed): string {
  return json(listedJson(entry, isUnsure)).replace(/\n\s*/g, ' ')
}

/** The fields of `--json` that are one value each. */
const fields = [
  'id',
  'at',
  'seenAt',
  'uncertaintySeconds',
  'kind',
  'type',
  'source',
  'severity',
  'host',
  'name',
  'text',
  'who',
  'raw',
] as const

/** Columns are only ever added, behind the others. */
export const csvHeading = csvLine([...fields, 'aboutKind', 'aboutId', 'instead', 'orderUncertain'])

export function csvOf({ entry, isUnsure }: Listed): string {
  const all = listedJson(entry, isUnsure)
  return csvLine([
    ...fields.map((field) => all[field]),
    all.about?.kind ?? null,
    all.about?.id ?? null,
    all.instead,
    all.orderUncertain,
  ])
}
