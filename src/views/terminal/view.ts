import { machineOf } from '../../fleet/session/machine.ts'
import {
  isAway,
  isUsed,
  latestDisplayOn,
  latestSessionAt,
  sessionsAtTerminal,
  type TerminalRecord,
} from '../../fleet/terminal/record.ts'
import { say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { memory } from '../../text/format.ts'
import { some } from '../../text/part.ts'
import { hostsWith } from '../display/facts.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import { displayServers } from '../source.ts'
import type { TableView } from '../view.ts'
import type { World } from '../world.ts'
import { terminalColumns } from './columns.ts'
import {
  cpuOf,
  desktopsText,
  isOld,
  linkOf,
  machinesText,
  peopleText,
  screenCell,
  screenSize,
  shortagesOf,
  terminalMark,
  terminalNote,
} from './facts.ts'
import { terminalJson } from './json.ts'
import { terminalLines } from './page.ts'

/** Whether nothing of anybody is at it. */
const isFree = ({ channels, texts }: TerminalRecord) => !channels.length && !texts.length

const sorts: Sorts<TerminalRecord> = {
  name: { by: ({ name }) => name },
  host: { by: ({ host }) => host },
  address: { by: ({ address }) => address },
  user: { by: (one) => (isFree(one) ? undefined : peopleText(one)) },
  machine: { by: (one) => (isFree(one) ? undefined : machinesText(one)) },
  desktop: { by: (one) => (isFree(one) ? undefined : desktopsText(one)) },
  cpu: highest(cpuOf),
  // What is too small first.
  screen: { by: screenSize },
  memory: { by: ({ told }) => told?.facts.memoryKiB },
  link: { by: (one) => linkOf(one)?.mbps },
  processor: { by: ({ told }) => told?.facts.processor },
  told: highest(({ told }, _, now) => (told ? now - told.at : undefined)),
  note: { by: (one) => terminalMark(one) || undefined },
}

const traits = {
  text: (one: TerminalRecord) => {
    const { name, hosts, address, told } = one
    const { facts } = told ?? {}
    return [
      name,
      ...hosts,
      address,
      peopleText(one),
      machinesText(one),
      desktopsText(one),
      screenCell(one),
      facts?.name,
      facts?.model,
      facts?.processor,
      facts?.system,
      terminalMark(one),
    ].join(' ')
  },
  isFault: (one: TerminalRecord, { snapshot }: World) =>
    isAway(one) || shortagesOf(one).length > 0 || isOld(one, snapshot),
  // Whoever asks what is on a hypervisor means who sits where, too.
  hostsOf: (one: TerminalRecord, snapshot: World['snapshot']) => [
    ...one.hosts,
    ...sessionsAtTerminal(one).flatMap((session) => hostsWith(session, machineOf(session, snapshot))),
  ],
  sorts,
  name: ({ name, host }: TerminalRecord) => `${name} ${host}`,
}

/** What keys do at a terminal they do to the session that is on it, and to what shows that. */
const hits = (terminal: TerminalRecord) => ({
  terminal,
  session: latestSessionAt(terminal),
  display: latestDisplayOn(terminal),
})

/** What people sit at. */
export const terminalView: TableView<TerminalRecord> = {
  name: say`terminal`,
  title: say`Terminals`,
  group: 'machines',
  words: ['clients'],
  help: 'Shows the terminals: who sits at which, what each is made of, and which are too small for a desktop.',
  ...recordRows('terminal', traits, hits),
  sorted: { by: 'name' },
  source: displayServers,
  none: say`no terminals`,
  noFaults: say`none went away, and all that told are large enough`,
  keysFor: { list: ['session', 'display'], page: ['session', 'display'] },
  marks: ['session', 'display'],
  columns: terminalColumns,
  tone: (one, { snapshot }) => (isOld(one, snapshot) ? 'stale' : undefined),
  note: (one) => {
    const note = terminalNote(one)
    return note && say`${one.name}: ${note}`
  },

  json: terminalJson,
  leadsTo: (one) => {
    const [session, display] = [latestSessionAt(one), latestDisplayOn(one)]
    return session ? { kind: 'session', id: session.id } : display && { kind: 'display', id: display.id }
  },
  page: terminalLines,
  // `term3, anna on web1, 1280x1024, 119M of memory, 119M of memory: use full screen, no compositing`
  sentence: (one, { now }) => {
    const { name, told } = one
    const screen = told && screenCell(one)
    const size = told?.facts.memoryKiB
    return some([
      name,
      !isFree(one) &&
        (isUsed(one) ? say`${peopleText(one)} on ${machinesText(one)}, ${desktopsText(one)}` : say`away`),
      screen,
      size !== undefined && say`${memory(size)} of memory`,
      told?.facts.processor,
      told && say`told ${duration(now - told.at)} ago`,
      terminalNote(one),
    ])
  },
}
