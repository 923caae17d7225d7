import { defined } from '../../hosts/defined.ts'
import { joined, type Label, type Raw, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { inSlices } from '../../hosts/slices.ts'
import { ask, type VirshAsking } from './asking.ts'
import type { DomainStats } from './domstats.ts'
import type { HypervisorFacts, MachineFacts } from './facts.ts'
import {
  isUnsupported,
  type NamedDomain,
  parseJob,
  parseLines,
  parseNodeCpu,
  parseNodeinfo,
  parseNodeMemory,
  parseUuids,
} from './parse.ts'
import { refusal } from './refusal.ts'
import { parseFreecell } from './xen/parse.ts'
import { type DomainXml, domainXmlSteps } from './xml.ts'

/** What is remembered of a machine between two looks, because it changes seldom and costs a command each. */
export type Remembered = Pick<
  MachineFacts,
  'title' | 'graphics' | 'osType' | 'hasDisks' | 'vcpus' | 'memoryMaxKiB' | 'nextStart'
>

/** The answer, or undefined where the driver has no such function. */
async function askIfSupported(
  { session, timeout, host }: VirshAsking,
  ...words: Raw[]
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

export async function readConnection(asking: VirshAsking): Promise<Connected> {
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
export async function readVirtType({ session, timeout }: VirshAsking): Promise<string> {
  const { out } = await session.command(['domcapabilities'], timeout)
  return /<domain>([a-z]+)<\/domain>/.exec(out)?.[1] ?? 'qemu'
}

/** The hypervisor's own numbers; what the driver cannot tell is left out. */
export async function readHypervisor(asking: VirshAsking, connected: Connected): Promise<HypervisorFacts> {
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
  /** none: there are so many that they are not known */
  readonly pools?: readonly Raw[]
  readonly networks?: readonly Raw[]
  /** what of these is not shown, or not watched */
  readonly partial?: Label
}

/** `undefined`: there are more than is taken. A driver without them has none. */
async function readNames(
  { session, timeout, host }: VirshAsking,
  command: string,
): Promise<Raw[] | undefined> {
  const { out, err, isTooLong } = await session.command([command, '--name'], timeout)
  if (err && !isUnsupported(err)) throw refusal(host, err)
  return isTooLong ? undefined : parseLines(err ? '' : out)
}

export async function readInventory(asking: VirshAsking): Promise<Inventory> {
  const [persistent, autostart, pools, networks] = await Promise.all([
    ask(asking, 'list', '--all', '--uuid', '--persistent'),
    ask(asking, 'list', '--all', '--uuid', '--autostart'),
    readNames(asking, 'pool-list'),
    readNames(asking, 'net-list'),
  ])
  const more = (all: readonly string[] | undefined, what: Label) => {
    if (!all) return [say`${what} are not known: it lists too many`]
    return all.length > limits.names ? [say`${all.length - limits.names} more ${what} are not shown`] : []
  }
  const lacking = [
    ...more(pools, say`storage pools`),
    ...more(networks, say`networks`),
    ...(pools && pools.length > limits.poolSizes
      ? [say`only ${limits.poolSizes} of ${pools.length} storage pools are watched for room`]
      : []),
  ]
  return {
    persistent: parseUuids(persistent),
    autostart: parseUuids(autostart),
    ...(pools && { pools: pools.slice(0, limits.names) }),
    ...(networks && { networks: networks.slice(0, limits.names) }),
    ...(lacking.length ? { partial: joined(lacking, '; ') } : {}),
  }
}

/** A machine with what can be said of it in one look. */
export type Seen = NamedDomain &
  Partial<DomainStats> &
  Pick<DomainStats, 'state' | 'reason'> &
  Pick<MachineFacts, 'foreign' | 'countersAt' | 'osType' | 'hasDisks'>

/** The job of a machine, if one runs; a machine that has gone meanwhile has none. */
export async function readJob({ session, timeout }: VirshAsking, uuid: string): Promise<MachineFacts['job']> {
  const { out, err } = await session.command(['domjobinfo', uuid], timeout)
  return err ? undefined : parseJob(out)
}

/**
 * What the definition says; undefined when the machine has gone meanwhile or its definition cannot be read. Of one that runs and is
 * `kept` also what it is defined to be from its next start, which may be something else.
 */
export async function readDefinition(
  { session, timeout }: VirshAsking,
  uuid: string,
  kept: boolean,
): Promise<Remembered | undefined> {
  const [{ out, err }, next] = await Promise.all([
    session.command(['dumpxml', uuid], timeout),
    kept ? session.command(['dumpxml', '--inactive', uuid], timeout) : undefined,
  ])
  if (err) return undefined
  try {
    const xml = await inSlices(domainXmlSteps(out))
    return defined({
      title: xml.title,
      graphics: xml.graphics,
      osType: xml.osType,
      vcpus: xml.vcpus,
      memoryMaxKiB: xml.memoryKiB,
      hasDisks: xml.disks.some((disk) => disk.device === 'disk' && !disk.readOnly && disk.source !== ''),
      nextStart: next && !next.err ? nextStartOf(await inSlices(domainXmlSteps(next.out))) : undefined,
    })
  } catch {
    return undefined
  }
}

function nextStartOf(xml: DomainXml): MachineFacts['nextStart'] {
  const { vcpusAtStart, vcpus, memoryAtStartKiB, memoryKiB } = xml
  return defined({
    vcpus: vcpusAtStart,
    vcpusMax: vcpus,
    memoryKiB: memoryAtStartKiB,
    memoryMaxKiB: memoryKiB,
  })
}
