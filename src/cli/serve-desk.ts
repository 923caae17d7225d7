import { userInfo } from 'node:os'
import { Broker } from '../broker/broker.ts'
import { enter } from '../broker/crowd.ts'
import { FleetDoor } from '../broker/door.ts'
import { type Person, type SudoVariables, Unwelcome, whoAsks, withGroups } from '../broker/person.ts'
import { newReference } from '../broker/reference.ts'
import { requestOf } from '../broker/requests.ts'
import type { Reached } from '../broker/screen.ts'
import { type Answering, serve } from '../broker/serve.ts'
import { tellRadius } from '../broker/tell-radius.ts'
import { load } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { DeskBook } from '../fleet/journal/desk-book.ts'
import { Journal } from '../fleet/journal/journal.ts'
import { endSilent } from '../fleet/journal/sessions.ts'
import { journalFile, openConfigured, openHost } from '../fleet/open.ts'
import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { LocalHost } from '../hosts/local.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { warn } from './output.ts'

/** The configuration, where the site's rule of sudo names no other. */
const usualConfig = '/etc/vdd/vdd.yaml'

/**
 * Of the environment nothing is taken but what sudo says in it: what a person has put there would reach ssh, virsh and this program. The directory
 * is theirs, too.
 */
function leaveSurroundings(): SudoVariables {
  const { SUDO_UID, SUDO_USER } = process.env
  for (const name of Object.keys(process.env)) delete process.env[name]
  process.env.PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  process.env.HOME = homeOf()
  process.env.LC_ALL = 'C.UTF-8'
  process.umask(0o077)
  process.chdir('/')
  return { SUDO_UID, SUDO_USER }
}

/** Of the account, whatever the environment said. */
function homeOf(): string {
  try {
    return userInfo().homedir
  } catch {
    return '/'
  }
}

/** Answers the desk of the person for whom sudo has started this; resolves with the exit status. */
export async function serveDesk({ config = usualConfig, demo, log }: GlobalOptions): Promise<number> {
  if (demo || log) throw new Failure(exit.usage, say`desk-broker takes no --demo and no --log`)
  if (!config.startsWith('/')) throw new Failure(exit.usage, say`--config: a path from the root`)
  const sudo = leaveSurroundings()
  const here = new LocalHost()
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort())
  // Stopped from a keyboard while it writes, it would keep all others from writing.
  for (const signal of ['SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const) process.on(signal, () => {})
  // Elsewhere a closed output ends the program at once; here what is under way is put away first.
  process.stdout.removeAllListeners('error')
  try {
    const person = await whoAsks(sudo, process.getuid?.(), here)
    const { broker, close } = await openBroker(config, person, here)
    await serve(broker, process.stdin, process.stdout, ending.signal)
    await close(ending.signal)
    return exit.ok
  } catch (error) {
    if (error instanceof Unwelcome) throw new Failure(exit.refused, say`desk-broker: ${error.sentence}`)
    throw error
  } finally {
    await here.close()
  }
}

/** The person with their groups in the directory, where it is to be asked. */
async function inGroups(person: Person, config: Config): Promise<Person> {
  if (config.desk?.groupsFrom !== 'directory') return person
  const { directoryGroups } = await import('../broker/directory.ts')
  return withGroups(person, await directoryGroups(config, person))
}

interface Opened {
  readonly broker: Answering
  /** what is left to do when nobody waits any more, which the signal cuts short */
  readonly close: (signal: AbortSignal) => Promise<void>
}

/** What is wrong with the configuration is not told to the person, but to the log of the machine. */
async function openBroker(file: string, person: Person, here: LocalHost): Promise<Opened> {
  try {
    const { config } = load(file, {}) ?? {}
    if (!config) throw new Error(`${file}: no such file`)
    const book = new DeskBook(journalFile(config))
    if (!(await enter(book, person.uid))) {
      book.close()
      throw new Unwelcome(say`${label(person.name)} has too many of them at once`)
    }
    const journal = new Journal(journalFile(config), { waits: true })
    const door = new FleetDoor(() =>
      openConfigured(config, { about: ['machines', 'clusters'], witness: false, waits: true }),
    )
    const { fleet, rest } = door
    const { systems = [], accounting, viewing = 'off' } = config.desk ?? {}
    const known = await inGroups(person, config)
    const asks = { systems, viewing, person: known }
    const broker = new Broker({ ...asks, book, journal, fleet, rest, reach: reacher(config) })
    const close = async (signal: AbortSignal) => {
      await door.close()
      journal.close()
      endSilent(book.db, Date.now())
      // What is not told now is told by the next one; an operator sees it in vdd session history.
      if (accounting) await tellRadius({ book, servers: accounting.servers, signal }).catch(() => undefined)
      book.close()
    }
    return { broker, close }
  } catch (error) {
    if (error instanceof Unwelcome) throw error
    const reference = newReference()
    const why = say`desk-broker for ${label(person.name)}: ${whyOf(error)} (${label(reference)})`
    await here.run(['logger', '-t', 'vdd', '-p', 'daemon.err'], { input: why }).catch(() => undefined)
    warn(`vdd: desk-broker cannot work (${reference}); an operator sees why in the log of this machine`)
    return { broker: broken(reference), close: async () => {} }
  }
}

function reacher(config: Config): (name: string) => Promise<Reached> {
  return async (name) => {
    const host = config.hosts.find((one) => one.name === name)
    if (!host) throw new Error(`${name} is no host of the configuration`)
    return { host: await openHost(host, config), uri: host.libvirt }
  }
}

/** Answers everything with the same no. */
function broken(reference: string): Answering {
  return {
    async *handle(line) {
      yield { n: requestOf(line).n, last: true, no: 'broken', reference }
    },
  }
}
