import { type DisplayRecord, isChannel, isHere } from '../../fleet/display/record.ts'
import { desktopOn } from '../../fleet/session/record.ts'
import { label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { some, textOf } from '../../text/part.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import { displayServers } from '../source.ts'
import type { TableView } from '../view.ts'
import type { Moment } from '../world.ts'
import { displayColumns } from './columns.ts'
import { displayNote, displayState, hostsUnder, isAmiss, isOld, runsOn, sessionText } from './facts.ts'
import { displayJson } from './json.ts'
import { displayLines } from './page.ts'

const sorts: Sorts<DisplayRecord> = {
  name: { by: ({ number }) => number },
  host: { by: ({ host }) => host },
  user: { by: ({ user }) => user },
  terminal: { by: ({ channel }) => channel?.terminal },
  machine: { by: ({ channel }) => channel?.machine.name },
  session: { by: (one) => (one.channel || one.program ? sessionText(one) : undefined) },
  since: highest(({ since }, _, now) => (since === undefined ? undefined : now - since)),
  idle: highest(({ channel }) => channel?.idle),
  clients: highest(({ channel }) => channel?.clients),
  // What needs a person first, then channels, then the rest.
  state: {
    by: (one, snapshot, now) =>
      `${isAmiss(one, { snapshot, now }) ? 0 : one.channel ? 1 : 2} ${textOf(displayState(one, { snapshot, now }))}`,
  },
  runs: { by: (one, snapshot) => runsOn(one, snapshot) },
}

const traits = {
  text: (one: DisplayRecord, world: Moment) => {
    const { name, host, user, program, channel } = one
    const ofChannel = [channel?.terminal, channel?.machine.name, channel?.session, channel?.id]
    const state = textOf(displayState(one, world))
    return [name, host, user, program, ...ofChannel, runsOn(one, world.snapshot), state].join(' ')
  },
  isFault: (one: DisplayRecord, world: Moment) => isAmiss(one, world) || isOld(one, world.snapshot),
  hostsOf: hostsUnder,
  sorts,
  name: ({ name, host }: DisplayRecord) => `${name} ${host}`,
}

/** What is done to who works on it is done to the session that it shows. */
const hits = (display: DisplayRecord) => ({
  display,
  session: isChannel(display) && isHere(display) ? desktopOn(display) : undefined,
})

/** The X displays of all display servers. */
export const displayView: TableView<DisplayRecord> = {
  name: say`display`,
  title: say`Displays`,
  group: 'machines',
  help: 'Shows the X displays of display servers: those that show a session, and all others.',
  ...recordRows('display', traits, hits),
  sorted: { by: 'state' },
  source: displayServers,
  none: say`no displays`,
  noFaults: say`all are well`,
  keysFor: { list: ['display', 'session'], page: ['display', 'session'] },
  marks: ['display', 'session'],
  isFor: ({ roles }) => roles.includes('display') && !roles.includes('hypervisor'),
  columns: displayColumns,
  // What is not of vdd stands back.
  tone: (one, { snapshot }) => (isOld(one, snapshot) || !one.channel ? 'stale' : undefined),
  note: (one, world) => {
    const note = displayNote(one, world)
    return note && say`${one.name}: ${note}`
  },

  json: displayJson,
  page: displayLines,
  // `:12 on d1, open, anna at term3, web1, Plasma, since 2 h 05 min, idle 4 min`
  sentence: (one, world) => {
    const { now, snapshot } = world
    const runs = runsOn(one, snapshot)
    const { name, host, user, program, since, channel } = one
    return some([
      say`${name} on ${label(host)}`,
      textOf(displayState(one, world)),
      channel ? say`${user ?? say``} at ${channel.terminal}` : user,
      channel ? channel.machine.name : program,
      runs && say`which runs on ${runs}`,
      channel?.shows === 'screen' ? say`its own screen` : channel?.session,
      since !== undefined && say`since ${duration(now - since)}`,
      channel?.idle !== undefined && say`idle ${duration(channel.idle)}`,
      displayNote(one, world),
    ])
  },
}
