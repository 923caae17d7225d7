import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { type Standing, standingsOf, stateOf } from '../broker/choose.ts'
import type { Bookings } from '../broker/holds.ts'
import type { AccountingServer, SystemConfig } from '../config/desk.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { DeskBook } from '../fleet/journal/desk-book.ts'
import { endSilent } from '../fleet/journal/sessions.ts'
import { sessionsOf } from '../fleet/session/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { whoAmI } from '../fleet/who.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { screenProtocols } from '../services/screen-protocol.ts'
import type { AskGroup } from './catalogue-check.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { json, print, table, warn } from './output.ts'
import { type Asks, complain, withFleet } from './with-fleet.ts'

interface JsonOption {
  readonly json?: boolean
}

/** What is told of the catalogue needs of the hosts. */
const asks: Asks = { about: ['machines', 'clusters'] }
/** The demo has no broker who knows who is where: its displays tell. */
const demoAsks: Asks = { about: ['machines', 'clusters', 'displays'] }

/** `vdd catalogue list|check|ready`: what people at terminals may choose from. */
export function addCatalogueVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('catalogue').description('What people at terminals may choose from.')
  const addVerb = (name: string, description: string, run: Run, asked = () => asks) =>
    noun
      .command(name)
      .description(description)
      .option('--json', 'as JSON')
      .action(async (options: JsonOption) => {
        const catalogue = await catalogueOf(globals())
        const tell = (fleet: Fleet, snapshot: Snapshot) => run(catalogue, fleet, snapshot, options)
        finish(await withFleet(globals(), false, tell, asked()))
      })
  addVerb(
    'list',
    'Lists the systems with their machines, how these are now, and how many people are on them.',
    async (catalogue, fleet, snapshot, options) => {
      await list(catalogue, fleet, snapshot, options)
      return complain(snapshot, fleet.demo ? demoAsks : asks)
    },
    () => (globals().demo ? demoAsks : asks),
  )
  addVerb('check', 'Says what is wrong with the systems of the configuration, or that nothing is.', check)
  addVerb(
    'ready',
    'Starts machines of the systems of which too few run and are free ("ready" in the configuration).',
    async (catalogue, fleet, snapshot, options) =>
      Math.max(await ready(catalogue, fleet, options), complain(snapshot, asks)),
  )
}

/** Does what a verb is for, and returns its exit status. */
type Run = (catalogue: Catalogue, fleet: Fleet, snapshot: Snapshot, options: JsonOption) => Promise<number>

interface Catalogue {
  readonly systems: readonly SystemConfig[]
  /** RADIUS servers that are told of the sessions */
  readonly servers?: readonly AccountingServer[]
  /** asks the site's directory for a group, where that is asked */
  readonly askGroup?: AskGroup
  /** of the journal, in which the broker writes; none in the demo */
  readonly file?: string
  /** it is the one that each user has for themselves */
  readonly isOwnFile?: boolean
}

async function catalogueOf(globals: GlobalOptions): Promise<Catalogue> {
  if (globals.demo) return { systems: (await import('../demo/catalogue.ts')).demoSystems }
  const { requireConfiguration } = await import('./configured.ts')
  const { journalFile } = await import('../fleet/open.ts')
  const { file, config } = requireConfiguration(globals)
  const { desk, journal } = config
  if (!desk?.systems.length)
    throw new Failure(
      exit.config,
      say`${label(file)} names no systems: "desk" there says what people may choose from (docs/configuration.md)`,
    )
  const { systems, accounting } = desk
  const told = accounting && { servers: accounting.servers }
  const { directoryHasGroup } = await import('../broker/directory.ts')
  const asked = desk.groupsFrom === 'directory' && {
    askGroup: (name: string) => directoryHasGroup(config, name),
  }
  return { systems, file: journalFile(config), isOwnFile: journal === undefined, ...told, ...asked }
}

/** Who is where, as the broker has written it down, in the demo as its displays tell; nobody where it has not written yet. Undefined: that cannot be read, which is said. */
async function bookingsOf({ file }: Catalogue, snapshot: Snapshot): Promise<Bookings | undefined> {
  if (file === undefined) return bookingsIn(snapshot)
  if (!existsSync(file)) return nobodyAnywhere
  const { openBook } = await import('./open-book.ts')
  const { readBookings } = await import('../broker/holds.ts')
  try {
    const book = openBook(file)
    const bookings = readBookings(book.db, Date.now())
    book.close()
    return bookings
  } catch (error) {
    warn(`vdd: who is on the machines is not known: ${whyOf(error)}`)
    return undefined
  }
}

function bookingsIn(snapshot: Snapshot): Bookings {
  const people = new Map<string, Set<number>>()
  for (const { machine, uid } of sessionsOf(snapshot))
    people.set(machine.rawName, new Set([...(people.get(machine.rawName) ?? []), uid]))
  return { people, shunned: new Set() }
}

const nobodyAnywhere: Bookings = { people: new Map(), shunned: new Set() }

/** Nobody's number: what is told is told of all people. */
const nobody = -1

function stateText({ machine, state, record, isShunned }: Standing): Label {
  if (isShunned) return say`did not come up`
  if (machine.always) return say`always`
  if (state === 'absent') return say`not found`
  return state === 'unknown' ? say`not known` : label(record?.state ?? '')
}

async function list(
  catalogue: Catalogue,
  fleet: Fleet,
  snapshot: Snapshot,
  options: JsonOption,
): Promise<void> {
  const bookings = await bookingsOf(catalogue, snapshot)
  const all = catalogue.systems.map((system) => ({
    system,
    standings: standingsOf(system, snapshot, fleet.now(), bookings ?? nobodyAnywhere, nobody),
  }))
  if (options.json)
    return print(
      json(all.map(({ system, standings }) => systemJson(system, standings, bookings !== undefined))),
    )
  print(
    table(
      ['SYSTEM', 'NOW', 'MACHINE', 'STATE', 'HOST', 'PEOPLE', 'ADDRESS', 'FOR'],
      all.flatMap(({ system, standings }) =>
        standings.map((one, i): Label[] => [
          label(i ? '' : system.name),
          label(i ? '' : stateOf(standings, system)),
          label(one.machine.name),
          stateText(one),
          label(one.record?.host ?? '-'),
          bookings ? say`${one.others}` : say`-`,
          label(placeOf(one)),
          label(i ? '' : (system.groups?.join(', ') ?? 'everybody')),
        ]),
      ),
      [5],
    ),
  )
}

function placeOf({ machine: { name, address = name, port } }: Standing): string {
  return port === undefined ? address : `${address} port ${port}`
}

function systemJson(system: SystemConfig, standings: readonly Standing[], areKnown: boolean) {
  const { name, title, description, sessions, keep, limits, groups, people, ready } = system
  const seconds = (milliseconds: number | undefined) =>
    milliseconds === undefined ? null : milliseconds / 1000
  return {
    name,
    title,
    description: description ?? null,
    sessions: sessions ?? null,
    keep,
    limits: { idleSeconds: seconds(limits.idle), totalSeconds: seconds(limits.total) },
    groups: groups ?? null,
    people,
    ready,
    state: stateOf(standings, system),
    machines: standings.map(({ machine, state, record, others, isShunned }) => ({
      name: machine.name,
      address: machine.address ?? machine.name,
      port: machine.port ?? 22,
      always: machine.always,
      state,
      host: record?.host ?? null,
      uuid: record?.uuid ?? null,
      people: areKnown ? others : null,
      cameUp: !isShunned,
    })),
  }
}

async function check(
  { systems, isOwnFile, askGroup }: Catalogue,
  fleet: Fleet,
  snapshot: Snapshot,
  options: JsonOption,
): Promise<number> {
  const { directoryOf, faultsOf } = await import('./catalogue-check.ts')
  const { xmlFrom } = await import('./catalogue-screens.ts')
  const { LocalHost } = await import('../hosts/local.ts')
  const here = new LocalHost()
  // What the demo names is nowhere.
  const known = fleet.demo
    ? { missing: async () => undefined, hasAddress: async () => true, speaks: async () => screenProtocols }
    : directoryOf(here, askGroup)
  const faults = await faultsOf(systems, snapshot, fleet.now(), known, xmlFrom(fleet))
  await here.close()
  if (options.json)
    print(
      json(
        faults.map(({ system, machine, what, advice }) => ({
          system,
          machine: machine ?? null,
          what,
          advice,
        })),
      ),
    )
  else
    for (const { system, machine, what, advice } of faults) {
      const where = machine === undefined ? label(system) : say`${label(system)}: ${label(machine)}`
      print(`${where}: ${what}\n    ${advice}`)
    }
  for (const { name, x11OverTcp } of systems)
    if (x11OverTcp)
      warn(
        say`vdd: ${label(name)}: X11 goes over the network in the clear, to ${label(x11OverTcp)}: who is on that network can read what is typed and shown (docs/permissions.md)`,
      )
  if (isOwnFile)
    warn(
      'vdd: "journal" is not set: the broker would write the sessions where nobody else finds them (docs/desk-broker.md)',
    )
  const silent = complain(snapshot, asks)
  if (!options.json && !faults.length && !silent) {
    const count = systems.reduce((sum, { machines }) => sum + machines.length, 0)
    print(say`good: systems ${systems.length}, machines ${count}`)
  }
  return faults.length ? exit.config : silent
}

/** What keeps no machine from being ready is only said. */
async function tellSessions(book: DeskBook, servers: readonly AccountingServer[]): Promise<void> {
  const { tellRadius } = await import('../broker/tell-radius.ts')
  const { left, trouble } = await tellRadius({ book, servers, signal: new AbortController().signal })
  if (left && trouble) warn(`vdd: the RADIUS servers of accounting: ${trouble}`)
}

async function ready(catalogue: Catalogue, fleet: Fleet, options: JsonOption): Promise<number> {
  const { openBook } = await import('./open-book.ts')
  const { keepReady } = await import('../broker/ready.ts')
  const book = openBook(catalogue.file ?? ':memory:')
  try {
    const done = await keepReady(catalogue.systems, fleet, book, whoAmI())
    endSilent(book.db, Date.now())
    if (catalogue.servers) await tellSessions(book, catalogue.servers)
    if (options.json)
      print(
        json(
          done.map(({ started, ...rest }) => ({
            ...rest,
            started: started.map(({ machine, why }) => ({ machine, ok: !why, message: why ?? null })),
          })),
        ),
      )
    for (const { system, wanted, now, started } of options.json ? [] : done) {
      for (const { machine, why } of started)
        if (why) warn(`vdd: ${label(system)}: ${label(machine)}: ${why}`)
        else print(say`${label(system)}: ${label(machine)}: started`)
      print(say`${label(system)}: ${now} of ${wanted} ready`)
    }
    if (done.some(({ started }) => started.some(({ why }) => why))) return exit.failed
    return done.some(({ wanted, now }) => now < wanted) ? exit.refused : exit.ok
  } finally {
    book.close()
  }
}
