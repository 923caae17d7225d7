import type { Incident } from '../../fleet/incident/record.ts'
import { dateTenths, incidentText, lastedFor, titleOf } from '../../fleet/incident/words.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { exactly } from '../../text/duration.ts'
import { unsureOf } from '../event/order.ts'
import { noteText, phaseFields, stillFailing, whatHappened } from './page.ts'

/** What Markdown takes for its own: a name or a log line that has them is shown as it is, and what looks like an address of the web is no link. */
function plain(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&]/g, (sign) => `\\${sign}`)
    .replace(/:(?=\/\/)|(?<=www)\./gi, (sign) => `\\${sign}`)
}

/**
 * What is left of an incident for those who were not there, as Markdown.
 *
 * @param now of the clock on the wall, in milliseconds since the epoch
 */
export function reportOf(incident: Incident, now: number): string {
  const { id, fault, affected, notes, entries } = incident
  const phases = phaseFields(incident).filter(([, text]) => text)
  const unsure = unsureOf(entries)
  const rows = entries.map((entry): readonly Label[] => [
    say`${dateTenths(entry.at)}${unsure.has(entry.id) ? say` (order not certain)` : say``}`,
    exactly(entry.at - fault.at),
    entry.host,
    label(entry.source ?? 'vdd'),
    whatHappened(entry),
  ])
  const lines = [
    `# Incident ${id}: ${plain(titleOf(incident))}`,
    '',
    plain(incidentText(incident)),
    '',
    `- began: ${new Date(fault.at).toISOString()}`,
    `- ${endOf(incident)}`,
    `- lasted: ${plain(lastedFor(incident, now))}${incident.open.length ? ' until now' : ''}`,
    ...(affected.length ? [`- hit: ${plain(joined(affected, ', '))}`] : []),
    ...stillFailing(incident).map((text) => `- still: ${plain(text)}`),
    '',
    '## Steps',
    '',
    ...phases.map(([title, text]) => `- ${title ? `${title}: ` : 'until: '}${plain(text ?? '')}`),
    '',
    '## What happened',
    '',
    ...tableOf(['time', 'after', 'host', 'source', 'what'], rows),
    ...(notes.length ? ['', '## Notes', '', ...notes.map((note) => `- ${plain(noteText(note))}`)] : []),
  ]
  return `${lines.join('\n')}\n`
}

function endOf({ open, restored, overBefore }: Incident): string {
  if (open.length) return 'still open'
  if (overBefore) return `over before ${new Date(overBefore.at).toISOString()}: nobody saw its end`
  return `restored: ${restored ? new Date(restored.at).toISOString() : 'not known'}`
}

function tableOf(heading: readonly string[], rows: readonly (readonly Label[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map((row) => line(row.map(plain)))]
}

/** What the sources said, in their own words: a file for each host and source, with the time of each line as it counts. */
export function rawLinesOf({ entries }: Incident): { readonly name: string; readonly text: string }[] {
  const raw = entries.filter((entry) => entry.raw !== undefined)
  const bySource = Map.groupBy(raw, ({ host, source = 'vdd' }) => JSON.stringify([host, source]))
  const taken = new Set<string>()
  return [...bySource.values()].map((lines) => ({
    name: freeName(lines[0], taken),
    text: lines.map(({ raw }) => `${raw}\n`).join(''),
  }))
}

/** Two hosts whose names differ only in what no file has get a file each. */
function freeName(entry: Incident['entries'][number] | undefined, taken: Set<string>): string {
  const name = `raw/${fileName(entry?.host ?? '')}-${fileName(entry?.source ?? 'vdd')}`
  let free = name
  for (let i = 2; taken.has(free); i++) free = `${name}-${i}`
  taken.add(free)
  return `${free}.log`
}

/** A name that a host has chosen names no other file. */
function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 40)
}
