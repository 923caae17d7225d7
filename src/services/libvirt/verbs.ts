import type { Argv } from '../../hosts/host.ts'
import { type Label, type Raw, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'
import { virsh } from './client.ts'
import { parseMigrationProgress } from './parse.ts'
import { refusal } from './refusal.ts'

/** Where a machine is acted on: the host, its libvirt URI, and the machine's UUID (never its name: names are text). */
export interface DomainTarget {
  readonly host: string
  readonly uri: string
  readonly uuid: string
}

/** Milliseconds after which a command is given up; the machine may still follow, which the console goes on to watch. */
const patience = { change: 30_000, start: 120_000, off: 60_000 } as const

function step(
  target: Pick<DomainTarget, 'host' | 'uri'>,
  what: Label,
  timeout: number,
  words: readonly Raw[],
  input?: string,
): Step {
  return {
    host: target.host,
    argv: virsh(target.uri, ...words),
    what,
    timeout,
    refusal,
    ...(input === undefined ? {} : { input }),
  }
}

export const start = (on: DomainTarget): Step => step(on, say`start`, patience.start, ['start', on.uuid])
/** A request to the guest, which may ignore it: done is what the state says. */
export const shutdown = (on: DomainTarget): Step =>
  step(on, say`ask the guest to shut down`, patience.change, ['shutdown', on.uuid])
export const reboot = (on: DomainTarget): Step =>
  step(on, say`ask the guest to reboot`, patience.change, ['reboot', on.uuid])
export const reset = (on: DomainTarget): Step =>
  step(on, say`reset, as by the button`, patience.change, ['reset', on.uuid])
export const off = (on: DomainTarget): Step =>
  step(on, say`end its process`, patience.off, ['destroy', on.uuid])
export const pause = (on: DomainTarget): Step =>
  step(on, say`stop its CPUs`, patience.change, ['suspend', on.uuid])
export const resume = (on: DomainTarget): Step =>
  step(on, say`let its CPUs run`, patience.change, ['resume', on.uuid])
export const undefine = (on: DomainTarget): Step =>
  step(on, say`forget its definition`, patience.change, ['undefine', on.uuid])

export function autostart(on: DomainTarget, enabled: boolean): Step {
  const words = enabled ? ['autostart', on.uuid] : ['autostart', '--disable', on.uuid]
  return step(
    on,
    enabled ? say`start with the host` : say`do not start with the host`,
    patience.change,
    words,
  )
}

/** Definition from XML; it comes by standard input, so that nothing has to be copied to the host. */
export function define(on: Pick<DomainTarget, 'host' | 'uri'>, xml: string): Step {
  return step(on, say`define it from the XML`, patience.change, ['define', '--validate', '/dev/stdin'], xml)
}

export function createVolume(
  on: Pick<DomainTarget, 'host' | 'uri'>,
  pool: string,
  volume: string,
  gibibytes: number,
): Step {
  const words = [
    'vol-create-as',
    '--pool',
    pool,
    '--name',
    volume,
    '--capacity',
    `${gibibytes}GiB`,
    '--format',
    'qcow2',
  ]
  return step(on, say`make its disk`, patience.start, words)
}

/** What of a new size is to be done: now, in the definition, and whether the most that it may have is to be raised there. */
interface Sizing {
  readonly live: boolean
  readonly config: boolean
  readonly grows: boolean
}

/**
 * vCPUs. First the running machine: where that refuses, nothing has been done. Then the definition, and before it the most that it
 * may have where that grows.
 */
export function setVcpus(on: DomainTarget, count: number, { live, config, grows }: Sizing): Step[] {
  const set = (what: Label, ...flags: Raw[]) =>
    step(on, what, patience.change, ['setvcpus', on.uuid, String(count), ...flags])
  return [
    ...(live ? [set(say`${count} vCPUs now`, '--live')] : []),
    ...(config && grows
      ? [set(say`at most ${count} vCPUs from its next start`, '--maximum', '--config')]
      : []),
    ...(config ? [set(say`${count} vCPUs from its next start`, '--config')] : []),
  ]
}

/** Memory in KiB, in the same order. */
export function setMemory(on: DomainTarget, kib: number, { live, config, grows }: Sizing): Step[] {
  const size = say`${Math.round(kib / 1024)} MiB`
  const set = (what: Label, command: string, ...flags: Raw[]) =>
    step(on, what, patience.change, [command, on.uuid, `${kib}KiB`, ...flags])
  return [
    ...(live ? [set(say`${size} now`, 'setmem', '--live')] : []),
    ...(config && grows ? [set(say`at most ${size} from its next start`, 'setmaxmem', '--config')] : []),
    ...(config ? [set(say`${size} from its next start`, 'setmem', '--config')] : []),
  ]
}

interface Migration {
  /** the URI by which the source reaches the target's libvirt */
  readonly to: string
  readonly persistent: boolean
  /** copy the disks too; else they must be shared */
  readonly copyStorage: boolean
  /** migrate although libvirt cannot see that it is safe; only after the operator was asked */
  readonly unsafe: boolean
}

/** Live migration, run on the source host. Progress is on standard error: docs/internals/libvirt.md, "Migration". */
export function migrate(on: DomainTarget, { to, persistent, copyStorage, unsafe }: Migration): Step {
  const words = [
    'migrate',
    '--live',
    '--verbose',
    ...(persistent ? ['--persistent', '--undefinesource'] : []),
    ...(copyStorage ? ['--copy-storage-all'] : []),
    ...(unsafe ? ['--unsafe'] : []),
    on.uuid,
    to,
  ]
  return {
    host: on.host,
    argv: virsh(on.uri, ...words),
    what: say`move it live`,
    progress: parseMigrationProgress,
    cancel: abortJob(on).argv,
    refusal,
  }
}

/** Ends the job that a machine has under way; the machine stays as it was. */
export const abortJob = (on: DomainTarget): Step =>
  step(on, say`abort its job`, patience.change, ['domjobabort', on.uuid])

/** The serial console; `^]` leaves it. `--safe` only where the driver has it, so it is left out. */
export function consoleOf(on: DomainTarget): Argv {
  return virsh(on.uri, 'console', on.uuid)
}

export function dumpXml(on: DomainTarget): Argv {
  return virsh(on.uri, 'dumpxml', on.uuid)
}

/** The same as it will be from its next start on. */
export function dumpNextXml(on: DomainTarget): Argv {
  return virsh(on.uri, 'dumpxml', '--inactive', on.uuid)
}

/** A libvirt URI by which other hosts reach this one, where the configuration names none. */
export function defaultMigrationUri(uri: string, address: string): string {
  const [scheme = 'qemu', path = '///system'] = uri.split(':')
  return `${scheme.replace(/\+.*$/, '')}+ssh://${address}/${path.split('/').at(-1) || 'system'}`
}
