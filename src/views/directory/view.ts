import { type DirectoryRecord, lagOf } from '../../fleet/directory/record.ts'
import { recordOf } from '../../fleet/kinds.ts'
import { label, say } from '../../hosts/label.ts'
import { some, textOf } from '../../text/part.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import { askedFor } from '../source.ts'
import type { TableView } from '../view.ts'
import type { World } from '../world.ts'
import { directoryColumns } from './columns.ts'
import { answerText, behindPhrase, directoryNote, directoryState, isAmiss } from './facts.ts'
import { directoryJson } from './json.ts'
import { directoryLines } from './page.ts'

/** What answers wrongly or not at all is slower than all that answers. */
const answer = ({ trouble, reading }: DirectoryRecord) =>
  trouble
    ? Number.POSITIVE_INFINITY
    : reading && (reading.check.ok ? reading.check.ms : Number.POSITIVE_INFINITY)

const sorts: Sorts<DirectoryRecord> = {
  name: { by: ({ host }) => host },
  role: { by: ({ role }) => role },
  // The worst first.
  state: { by: (record, _, now) => `${isAmiss(record, now) ? ' ' : ''}${textOf(directoryState(record))}` },
  behind: highest((record, _, now) => lagOf(record, now)),
  answer: highest(answer),
  connections: highest(({ reading }) => reading?.monitor?.connections),
  operations: highest(({ rates }) => rates && [...rates.values()].reduce((sum, n) => sum + n, 0)),
  entries: highest(({ reading }) => reading?.monitor?.entries),
}

const traits = {
  text: (d: DirectoryRecord) => `${d.host} ${d.role} ${d.replication.state}`,
  isFault: (record: DirectoryRecord, { now }: World) => isAmiss(record, now),
  hostsOf: ({ host }: DirectoryRecord) => [host],
  sorts,
  name: ({ host }: DirectoryRecord) => host,
}

const hits = (directory: DirectoryRecord) => ({ directory })

export const directoryView: TableView<DirectoryRecord> = {
  name: say`directory server`,
  title: say`Directory`,
  group: 'frontends',
  words: ['directory'],
  help: 'Shows the directory servers: who answers, and who is behind.',
  ...recordRows('directory', traits, hits),
  sorted: { by: 'configured' },
  source: askedFor('directories', say`the configuration tells of no directory server (docs/directory.md)`),
  none: say`no directory servers`,
  noFaults: say`all answer, and none is behind`,
  keysFor: { list: [], page: [] },
  isFor: ({ name }, { snapshot }) => recordOf('directory', name, snapshot) !== undefined,
  columns: ({ now }) => directoryColumns(now),
  tone: ({ trouble }) => (trouble ? 'stale' : undefined),
  note: (record, { now }) => {
    const note = directoryNote(record, now)
    return note && say`${label(record.host)}: ${note}`
  },

  json: directoryJson,
  page: (record, { now }, width) => directoryLines(record, now, width),
  // `fe2, consumer, behind, 12s behind, answers in 1.2ms`
  sentence: (record, { now }) =>
    some([
      label(record.host),
      label(record.role),
      textOf(directoryState(record)),
      record.reading && !record.trouble && behindPhrase(record, now),
      record.reading?.check.ok && !record.trouble && say`answers in ${answerText(record)}`,
      directoryNote(record, now),
    ]),
}
