import { type Label, label } from '../../hosts/label.ts'
import { inSlices } from '../../hosts/slices.ts'
import type { Virsh } from './client.ts'
import type { HypervisorFacts, MachineFacts } from './facts.ts'
import {
  type DomainStats,
  defined,
  domstatsSteps,
  isUnsupported,
  type NamedDomain,
  parseJob,
  parseLines,
  parseListTable,
  parseNames,
  parseNodeCpu,
  parseNodeinfo,
  parseNodeMemory,
  parseUuids,
} from './parse.ts'
import { refusal } from './refusal.ts'
import { parseFreecell } from './xen/parse.ts'
import { parseDomainXml } from './xml.ts'

/** What is remembered of a machine between two looks, because it changes seldom and costs a command each. */
export type Remembered = Pick<
  MachineFacts,
  'title' | 'graphics' | 'osType' | 'hasDisks' | 'vcpus' | 'memoryMaxKiB' | 'nextStart'
>

/** A virsh session with the deadline that is in force for each of its commands. */
export interface Asking {
  readonly host: string
  readonly session: Virsh
  readonly timeout: number
}

export async function ask({ host, session, timeout }: Asking, ...words: string[]): Promise<string> {
  const { out, err } = await session.command(words, timeout)
  if (err) throw refusal(host, err)
  return out
}

/** The answer, or undefined where the driver has no such function. */
async function askIfSupported(
  { session, timeout, host }: Asking,
  ...words: string[]
): Promise<string | undefined> {
  const { out, err } = await session.command(words, timeout)
  if (!err) return out
  if (isUnsupported(err)) return undefined
  throw refusal(host, err)
}

/** What is found out once for each connection. Which functions a driver has, it says itself: libvirt's Xen driver has none of these three. */
export interface Connected {
  readonly driver: string
  readonly cpus?: number
  readonly memoryKiB?: number
  readonly virtType?: string
  readonly domstats: boolean
  readonly nodecpustats: boolean
  readonly nodememstats: boolean
}

export async function readConnection(asking: Asking): Promise<Connected> {
  const [uri, info, domstats, cpu, memory] = await Promise.all([
    ask(asking, 'uri'),
    askIfSupported(asking, 'nodeinfo'),
    askIfSupported(asking, 'domstats', '--raw', '--nowait', '--state'),
    askIfSupported(asking, 'nodecpustats'),
    askIfSupported(asking, 'nodememstats'),
  ])
  const driver = /^([a-z]+)/i.exec(uri.trim())?.[1]?.toLowerCase() ?? 'unknown'
  return {
    driver,
    ...parseNodeinfo(info ?? ''),
    domstats: domstats !== undefined,
    nodecpustats: cpu !== undefined,
    nodememstats: memory !== undefined,
  }
}

/**
 * What kind a new machine would be here. Not part of `readConnection`: the first time libvirtd tries its emulators to find
 * this out, which takes a second, and the rows should not wait for it. A libvirt that cannot tell, or fails because it
 * finds no emulator, is given an answer too: it would be asked again at every look, and its machines would not be seen.
 */
export async function readVirtType({ session, timeout }: Asking): Promise<string> {
  const { out } = await session.command(['domcapabilities'], timeout)
  return /<domain>([a-z]+)<\/domain>/.exec(out)?.[1] ?? 'qemu'
}

/** The hypervisor's own numbers; what the driver cannot tell is left out. */
export async function readHypervisor(asking: Asking, connected: Connected): Promise<HypervisorFacts> {
  const { nodecpustats, nodememstats } = connected
  const [cpu, memory] = await Promise.all([
    nodecpustats ? ask(asking, 'nodecpustats') : undefined,
    nodememstats ? ask(asking, 'nodememstats') : askIfSupported(asking, 'freecell'),
  ])
  return defined({
    driver: connected.driver,
    virtType: connected.virtType,
    cpus: connected.cpus,
    memoryKiB: connected.memoryKiB,
    cpu: cpu === undefined ? undefined : parseNodeCpu(cpu),
    ...(nodememstats ? parseNodeMemory(memory ?? '') : { memoryFreeKiB: parseFreecell(memory ?? '') }),
  })
}

/** Which machines there are, and what changes only when somebody redefines one. */
export interface Inventory {
  readonly persistent: ReadonlySet<string>
  readonly autostart: ReadonlySet<string>
  readonly pools: readonly Label[]
  readonly networks: readonly Label[]
}

export async function readInventory(asking: Asking): Promise<Inventory> {
  const [persistent, autostart, pools, networks] = await Promise.all([
    ask(asking, 'list', '--all', '--uuid', '--persistent'),
    ask(asking, 'list', '--all', '--uuid', '--autostart'),
    askIfSupported(asking, 'pool-list', '--name'),
    askIfSupported(asking, 'net-list', '--name'),
  ])
  return {
    persistent: parseUuids(persistent),
    autostart: parseUuids(autostart),
    pools: parseLines(pools ?? '').map(label),
    networks: parseLines(networks ?? '').map(label),
  }
}

/** The groups of `domstats` that the console shows. */
const groups = ['--state', '--cpu-total', '--balloon', '--vcpu', '--interface'] as const
/**
 * Disks are asked apart: their paths are free text that libvirt prints as it is, and a newline in one can pretend to be another
 * machine's paragraph. So nothing but the bytes read and written is taken from that answer.
 */
const diskGroups = ['--state', '--block'] as const
/** The groups that are answered even while a guest's process hangs (notes/libvirt.md, section 2.4). */
const safeGroups = ['--state', '--interface'] as const

/** A machine with what can be said of it in one look. */
export type Seen = NamedDomain &
  Partial<DomainStats> &
  Pick<DomainStats, 'state' | 'reason'> &
  Pick<MachineFacts, 'foreign' | 'countersAt' | 'osType' | 'hasDisks'>

/** Every machine of the host by three commands, however many there are. */
export async function readMachines(asking: Asking, hung: boolean): Promise<Seen[]> {
  const [names, stats, disks] = await Promise.all([
    ask(asking, 'list', '--all', '--name', '--uuid'),
    ask(asking, 'domstats', '--raw', '--nowait', ...(hung ? safeGroups : groups)),
    hung ? '' : ask(asking, 'domstats', '--raw', '--nowait', ...diskGroups),
  ])
  const byName = await inSlices(domstatsSteps(stats))
  const diskOf = await inSlices(domstatsSteps(disks))
  return parseNames(names).flatMap((domain) => {
    const seen = byName.get(domain.name)
    const { diskReadBytes, diskWriteBytes } = diskOf.get(domain.name) ?? {}
    return seen ? [defined({ ...domain, ...seen, diskReadBytes, diskWriteBytes })] : []
  })
}

/** Every machine of a driver without `domstats`: the table of states. Numbers come by other means (xen/read.ts). */
export async function readMachinesByTable(asking: Asking): Promise<Seen[]> {
  const [names, table] = await Promise.all([
    ask(asking, 'list', '--all', '--name', '--uuid'),
    ask(asking, 'list', '--all'),
  ])
  const states = parseListTable(table)
  return parseNames(names).flatMap((domain) => {
    const state = states.get(domain.name)
    return state ? [{ ...domain, state, reason: label('') }] : []
  })
}

/** The job of a machine, if one runs; a machine that has gone meanwhile has none. */
export async function readJob({ session, timeout }: Asking, uuid: string): Promise<MachineFacts['job']> {
  const { out, err } = await session.command(['domjobinfo', uuid], timeout)
  return err ? undefined : parseJob(out)
}

/**
 * What the definition says; undefined when the machine has gone meanwhile or its definition cannot be read. Of one that runs and is
 * `kept` also what it is defined to be from its next start, which may be something else.
 */
export async function readDefinition(
  { session, timeout }: Asking,
  uuid: string,
  kept: boolean,
): Promise<Remembered | undefined> {
  const [{ out, err }, next] = await Promise.all([
    session.command(['dumpxml', uuid], timeout),
    kept ? session.command(['dumpxml', '--inactive', uuid], timeout) : undefined,
  ])
  if (err) return undefined
  try {
    const xml = parseDomainXml(out)
    return defined({
      title: xml.title,
      graphics: xml.graphics,
      osType: xml.osType,
      vcpus: xml.vcpus,
      memoryMaxKiB: xml.memoryKiB,
      hasDisks: xml.disks.some((disk) => disk.device === 'disk' && !disk.readOnly && disk.source !== ''),
      nextStart: next && !next.err ? nextStartOf(next.out) : undefined,
    })
  } catch {
    return undefined
  }
}

function nextStartOf(text: string): MachineFacts['nextStart'] {
  const { vcpusAtStart, vcpus, memoryAtStartKiB, memoryKiB } = parseDomainXml(text)
  return defined({
    vcpus: vcpusAtStart,
    vcpusMax: vcpus,
    memoryKiB: memoryAtStartKiB,
    memoryMaxKiB: memoryKiB,
  })
}

/** Commands given at once where each machine costs some: a deadline counts from when a command was given. */
const atOnce = 5
/** Milliseconds of one look that may go into what is asked machine by machine. */
const budget = 500

/**
 * Works through the items a few at a time until the time is over; at least the first few are done. What is left waits for the
 * next look, so that many machines or a slow host do not delay the states.
 */
export async function withinBudget<T>(
  items: readonly T[],
  now: () => number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const end = now() + budget
  for (let i = 0; i < items.length && (i === 0 || now() < end); i += atOnce)
    await Promise.all(items.slice(i, i + atOnce).map(work))
}
