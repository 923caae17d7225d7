import type { Entry } from '../fleet/journal/journal.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { say } from '../hosts/label.ts'
import { csvLine } from '../text/csv.ts'
import { dateTime } from '../text/format.ts'
import { eventJson } from '../views/event/json.ts'
import { json } from './output.ts'

/** A line each, the hosts in a column as wide as those of the configuration. */
export function textOf({ hosts }: Pick<Snapshot, 'hosts'>): (entry: Entry) => string {
  const column = Math.max(0, ...hosts.map(({ name }) => name.length))
  return ({ at, severity, host, name, text, who }) => {
    const what = name ? say`${name}: ${text}` : text
    return `${dateTime(at)}  ${severity.padEnd(7)}  ${host.padEnd(column)}  ${what}${who ? `  (${who})` : ''}`
  }
}

export function jsonLine(entry: Entry): string {
  return json(eventJson(entry)).replace(/\n\s*/g, ' ')
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

export const csvHeading = csvLine([...fields, 'aboutKind', 'aboutId'])

export function csvOf(entry: Entry): string {
  const all = eventJson(entry)
  return csvLine([...fields.map((field) => all[field]), all.about?.kind ?? null, all.about?.id ?? null])
}
