import type { Entry } from '../../fleet/journal/journal.ts'
import { kinds } from '../../fleet/kinds.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { wrap } from '../../text/fit.ts'
import { clock, dateTime } from '../../text/format.ts'
import type { Part } from '../../text/part.ts'
import { filterRows } from '../filter.ts'
import type { View } from '../view.ts'
import type { World } from '../world.ts'
import { eventJson } from './json.ts'
import { unsureAgainst } from './order.ts'

const text = (e: Entry) => `${e.host} ${e.name ?? ''} ${e.text} ${e.who ?? ''}`

/** The entries of the journal. They stand in their own order, the newest first. */
export const eventView: View<Entry> = {
  name: say`event`,
  title: say`Events`,
  group: 'events',
  help: 'Shows the journal: what happened and what was done.',
  rows: ({ entries }, { filter, faultsOnly, host }) => {
    const there = host ? entries.filter((entry) => entry.host === host) : entries
    return filterRows(faultsOnly ? there.filter(({ severity }) => severity !== 'info') : there, filter, text)
  },
  rowId: ({ id }) => String(id),
  of: (row) => row,
  hostsOf: ({ host }) => [host],
  sorts: {},
  sorted: { by: 'time', descending: true },
  none: say`nothing has happened yet`,
  noFaults: say`nothing happened that needs a person`,
  keysFor: { list: [], page: [] },
  newestFirst: true,
  hits: (event) => ({ event }),
  opens: ({ id }) => ({ kind: 'event', id: String(id) }),

  json: eventJson,
  find: (id, { entries }) => entries.find((entry) => String(entry.id) === id),
  hitsOf: (event) => ({ event }),
  leadsTo: ({ about }) => about,
  page: entryLines,
  // `14:20:11 FAULT hv1 exam-01: crashed`
  sentence: ({ at, severity, host, name, text, who }) =>
    say`${clock(at)} ${severity === 'bad' ? say`FAULT ` : say``}${host} ${name ? say`${name}: ${text}` : text}${who ? say`, by ${who}` : say``}`,
}

/** What it is about, where that is not the host. */
function aboutOf({ about, name }: Entry): ['Machine' | 'About', Label | undefined] {
  if (about?.kind === 'machine') return ['Machine', say`${name ?? say``}  ${label(about.id)}`]
  return [
    'About',
    about && about.kind !== 'host' ? say`${kinds[about.kind].name} ${name ?? label(about.id)}` : name,
  ]
}

/** Whether it is certain what came first; undefined: it is. */
function orderOf(entry: Entry, entries: readonly Entry[]): Label | undefined {
  const others = unsureAgainst(entry, entries).length
  if (!others) return undefined
  return say`not certain: ${others} ${others === 1 ? say`other` : say`others`} may have come before it, or after`
}

/** One entry in full: the plan, who, and how it ended. */
function entryLines(entry: Entry, { entries }: Pick<World, 'entries'>, width: number): Part[][] {
  const field = (name: string, value: Label | undefined) =>
    value ? wrap(say`${label(name.padEnd(9))} ${value}`, width) : []
  const lines = [
    ...field('When', dateTime(entry.at)),
    ...field('Order', orderOf(entry, entries)),
    ...field('Host', entry.host),
    ...field(...aboutOf(entry)),
    ...field('What', entry.text),
    ...field('Who', entry.who),
    ...field('Before', entry.before),
    ...field('After', entry.after),
    ...(entry.plan?.length ? [say``, say`Commands`] : []),
    ...(entry.plan ?? []).flatMap((line) =>
      wrap(line, width - 4).map((text, i) => (i ? say`    ${text}` : say`  ${text}`)),
    ),
  ]
  return lines.map((line): Part[] => [line])
}
