import { machineOf } from '../../fleet/session/machine.ts'
import type { SessionRecord } from '../../fleet/session/record.ts'
import { say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { some, textOf } from '../../text/part.ts'
import { hostsWith, isOld, placeText } from '../display/facts.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import { displayServers } from '../source.ts'
import type { TableView } from '../view.ts'
import type { World } from '../world.ts'
import { sessionColumns } from './columns.ts'
import { desktopText, isAmiss, sessionNote, sessionState } from './facts.ts'
import { sessionJson } from './json.ts'
import { sessionLines } from './page.ts'

const sorts: Sorts<SessionRecord> = {
  name: { by: ({ user }) => user },
  terminal: { by: ({ terminal }) => terminal },
  machine: { by: ({ machine }) => machine.name },
  desktop: { by: desktopText },
  since: highest(({ since }, _, now) => now - since),
  idle: highest(({ idle }) => idle),
  cpu: highest(({ load }) => load?.cpu),
  memory: highest(({ load }) => load?.memoryKiB),
  // What needs an operator first.
  state: {
    by: (one, snapshot, now) =>
      `${isAmiss(one, { snapshot, now }) ? 0 : 1} ${textOf(sessionState(one, { snapshot, now }))}`,
  },
  host: { by: ({ host }) => host },
  id: { by: ({ key }) => key },
}

const traits = {
  text: (one: SessionRecord, world: World) => {
    const { name, user, fullName, terminal, machine, system, host } = one
    const shows = [desktopText(one), system]
    const where = [terminal, machine.name, placeText(machineOf(one, world.snapshot)), host]
    return [name, user, fullName, ...where, ...shows, textOf(sessionState(one, world))].join(' ')
  },
  isFault: (one: SessionRecord, world: World) => isAmiss(one, world) || isOld(one, world.snapshot),
  hostsOf: (one: SessionRecord, snapshot: World['snapshot']) => hostsWith(one, machineOf(one, snapshot)),
  sorts,
  name: ({ name, host }: SessionRecord) => `${name} ${host}`,
}

const hits = (session: SessionRecord) => ({ session })

/** Who works where, on what. */
export const sessionView: TableView<SessionRecord> = {
  name: say`session`,
  title: say`Sessions`,
  group: 'machines',
  words: ['who', 'people', 'users'],
  help: 'Shows the sessions: who works at which terminal on which desktop of which machine, since when, who is idle, and what it costs.',
  ...recordRows('session', traits, hits),
  sorted: { by: 'name' },
  source: displayServers,
  none: say`no sessions`,
  noFaults: say`all are well`,
  keysFor: { list: ['session'], page: ['session'] },
  marks: ['session'],
  columns: sessionColumns,
  tone: (one, { snapshot }) => (isOld(one, snapshot) ? 'stale' : undefined),
  note: (one, world) => {
    const note = sessionNote(one, world)
    return note && say`${one.name}: ${note}`
  },

  json: sessionJson,
  leadsTo: ({ display }) => display && { kind: 'display', id: display.id },
  page: sessionLines,
  // `anna at term3, web1, Plasma, in use, since 2 h 05 min, idle 4 min`
  sentence: (one, world) => {
    const { user, terminal, machine, since, idle } = one
    return some([
      say`${user} at ${terminal}`,
      machine.name,
      desktopText(one),
      textOf(sessionState(one, world)),
      say`since ${duration(world.now - since)}`,
      idle !== undefined && say`idle ${duration(idle)}`,
      sessionNote(one, world),
    ])
  },
}
