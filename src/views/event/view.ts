import type { Entry } from '../../fleet/journal/journal.ts'
import { isWanted } from '../../fleet/journal/wanted.ts'
import { kinds } from '../../fleet/kinds.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { duration, plusMinus } from '../../text/duration.ts'
import { wrap } from '../../text/fit.ts'
import { clock, dateTime } from '../../text/format.ts'
import type { Part } from '../../text/part.ts'
import { filterRows } from '../filter.ts'
import type { View } from '../view.ts'
import type { World } from '../world.ts'
import { eventFilter } from './filter.ts'
import { eventJson } from './json.ts'
import { unsureAgainst } from './order.ts'

const text = (e: Entry) => `${e.host} ${e.name ?? ''} ${e.text} ${e.who ?? ''}`

/** The entries of the journal. They stand in their own order, the newest first. */
export const eventView: View<Entry> = {
  name: say`event`,
  title: say`Events`,
  group: 'events',
  help: 'Shows the journal: what happened and what was done.',
  rows: ({ entries, now }, { filter, faultsOnly, host }) => {
    const { wanted = {}, text: rest } = eventFilter(filter, wallTime(now))
    const there = entries.filter(
      (entry) =>
        (!host || entry.host === host) &&
        (!faultsOnly || entry.severity !== 'info') &&
        isWanted(wanted, entry),
    )
    return filterRows(there, rest, text)
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

/** When it happened, as far as that is known, and when it was seen where that was not at once. */
function whenText({ at, uncertainty = 0, seenAt = at }: Entry): Label {
  const most = uncertainty >= 1_000 ? say` ${plusMinus(uncertainty)}` : say``
  const late = seenAt - at >= 1_000 ? say`; seen ${duration(seenAt - at)} later` : say``
  return say`${dateTime(at)}${most}${late}`
}

/** One entry in full: the plan, who, and how it ended. */
function entryLines(entry: Entry, { entries }: Pick<World, 'entries'>, width: number): Part[][] {
  const field = (name: string, value: Label | undefined) =>
    value ? wrap(say`${label(name.padEnd(9))} ${value}`, width) : []
  const lines = [
    ...field('When', whenText(entry)),
    ...field('Order', orderOf(entry, entries)),
    ...field('Host', entry.host),
    ...field(...aboutOf(entry)),
    ...field('What', entry.text),
    ...field('Type', entry.type && label(entry.type)),
    ...field('Source', entry.source && label(entry.source)),
    ...field('Who', entry.who),
    ...field('Before', entry.before),
    ...field('After', entry.after),
    ...field('Line', entry.raw),
    ...(entry.plan?.length ? [say``, say`Commands`] : []),
    ...(entry.plan ?? []).flatMap((line) =>
      wrap(line, width - 4).map((text, i) => (i ? say`    ${text}` : say`  ${text}`)),
    ),
  ]
  return lines.map((line): Part[] => [line])
}
