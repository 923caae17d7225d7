import { defined } from '../../hosts/defined.ts'
import { type Label, label } from '../../hosts/label.ts'
import { count, known } from '../../hosts/numbers.ts'
import { ownText } from '../../hosts/own-text.ts'
import { type MachineState, stateNamed } from './states.ts'

/** A machine's name beside its identity. The raw name only serves to join answers; the label is what is shown. */
export interface NamedDomain {
  readonly uuid: string
  readonly name: string
}

/** What a driver says when it has no such function: a property of the driver, never an error of the host. */
export function isUnsupported(errorText: string): boolean {
  return errorText.includes('this function is not supported by the connection driver')
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

/**
 * `list --all --name --uuid`: the UUID, a blank, the name (virsh prints the UUID first whatever the order asked), by UUID. A name may
 * have several lines, and one of them may look like a row: a UUID that comes twice has no name here.
 */
export function parseNames(text: string): Map<string, string> {
  const names = new Map<string, string>()
  const seen = new Set<string>()
  let last: string | undefined
  for (const line of text.replace(/\n+$/, '').split('\n')) {
    const uuid = line.slice(0, 36)
    if (isUuid(uuid) && line.length > 37 && line[36] === ' ') {
      last = seen.has(uuid) ? undefined : uuid
      if (last) names.set(uuid, line.slice(37))
      else names.delete(uuid)
      seen.add(uuid)
    } else if (last) names.set(last, `${names.get(last)}\n${line}`)
  }
  return names
}

/** `list --all --uuid --persistent` and its like: one UUID a line. */
export function parseUuids(text: string): Set<string> {
  return new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(isUuid),
  )
}

/** Characters: a line that is longer is no row of a table, and matching it would cost more than its length. */
export const longestRow = 512

/** `domstate --reason`: `shut off (crashed)`. A machine whose process died is called crashed, as in states.ts. */
export function parseDomstate(text: string): { state: MachineState; reason: Label } | undefined {
  const [, word = '', reason = ''] = /^([a-z ]+?)(?: \((.+)\))?$/.exec(text.trim()) ?? []
  const state = stateNamed(word)
  if (!state) return undefined
  return { state: state === 'shut off' && reason === 'crashed' ? 'crashed' : state, reason: label(reason) }
}

/** `Key:   value unit` lines of `nodeinfo`, `nodememstats`, `dominfo`, `domjobinfo`. Keys without their padding. */
export function parseFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return fields
}

function leadingNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : known(Number.parseFloat(text))
}

/**
 * `nodeinfo`: CPUs of the host and its memory in KiB; that of `nodememstats` is to be preferred: docs/internals/libvirt.md, "Values that
 * mislead".
 */
export function parseNodeinfo(text: string): { cpus?: number; memoryKiB?: number } {
  const fields = parseFields(text)
  return defined({
    cpus: leadingNumber(fields.get('CPU(s)')),
    memoryKiB: leadingNumber(fields.get('Memory size')),
  })
}

/** `nodememstats`, KiB. Free is what a new machine could have: free, buffers and cache. */
export function parseNodeMemory(text: string): { memoryKiB?: number; memoryFreeKiB?: number } {
  const fields = parseFields(text)
  const total = leadingNumber(fields.get('total'))
  const free = leadingNumber(fields.get('free'))
  if (total === undefined || free === undefined) return {}
  const lent = (leadingNumber(fields.get('buffers')) ?? 0) + (leadingNumber(fields.get('cached')) ?? 0)
  return { memoryKiB: total, memoryFreeKiB: Math.min(total, free + lent) }
}

/** `pool-info --bytes`; `undefined`: it tells no size. */
export function parsePoolInfo(text: string): { capacity: number; available: number } | undefined {
  const fields = parseFields(text)
  const [capacity, available] = ['Capacity', 'Available'].map((name) => leadingNumber(fields.get(name)))
  if (!capacity || available === undefined) return undefined
  return { capacity, available: Math.min(capacity, available) }
}

/** `nodecpustats`: nanoseconds over all CPUs since boot. */
export function parseNodeCpu(text: string): { busyNs: number; totalNs: number } | undefined {
  const fields = parseFields(text)
  const [user, system, idle, iowait] = ['user', 'system', 'idle', 'iowait'].map((key) =>
    leadingNumber(fields.get(key)),
  )
  if (user === undefined || system === undefined || idle === undefined) return undefined
  return { busyNs: user + system, totalNs: user + system + idle + (iowait ?? 0) }
}

/** A job of a machine, in most cases a migration. */
export interface Job {
  readonly operation: Label
  readonly elapsedMs?: number
  /** 0 to 100; not monotonic: a guest can write faster than it is copied. */
  readonly percent?: number
}

/** `domjobinfo`: undefined when no job runs. */
export function parseJob(text: string): Job | undefined {
  const fields = parseFields(text)
  const type = fields.get('Job type')
  if (!type || type === 'None' || type === 'Completed') return undefined
  const total = bytesOf(fields.get('Data total'))
  const remaining = bytesOf(fields.get('Data remaining'))
  return defined({
    operation: label((fields.get('Operation') ?? type).toLowerCase()),
    elapsedMs: leadingNumber(fields.get('Time elapsed')),
    percent:
      total && remaining !== undefined
        ? Math.round(Math.min(1, Math.max(0, 1 - remaining / total)) * 100)
        : undefined,
  })
}

const units: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

function bytesOf(text: string | undefined): number | undefined {
  const [number, unit] = text?.split(/\s+/) ?? []
  const value = Number.parseFloat(number ?? '')
  return Number.isFinite(value) ? value * (units[unit ?? 'B'] ?? 1) : undefined
}

/** The last percentage of `virsh migrate --verbose`, which writes `\rMigration: [ 51 %]` on standard error. */
export function parseMigrationProgress(text: string): number | undefined {
  const all = [...text.matchAll(/Migration: \[\s*([\d.]+) ?%\]/g)]
  return leadingNumber(all.at(-1)?.[1])
}

/** An event as `virsh event --all --loop --timestamp` prints it. */
export interface DomainEvent {
  /** the raw name of the machine */
  readonly name: string
  /** `lifecycle`, `reboot`, `migration-iteration`, … */
  readonly kind: string
  /** `Stopped Failed`; empty where the event has no detail on its line */
  readonly detail: string
}

/**
 * One line of the event stream; undefined for the indented lines that follow some events, and for anything else. The name may be cut, and is as forgeable as any. virsh of before
 * 2021 (about libvirt 7.0) writes the name without quotation marks.
 */
export function parseEvent(line: string): DomainEvent | undefined {
  const [before, kind = ''] =
    /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000: )?event '([a-z0-9-]+)' for domain /.exec(line) ?? []
  if (before === undefined) return undefined
  const rest = line.slice(before.length)
  const [quote, said] = rest.startsWith("'") ? ["'", rest.slice(1)] : ['', rest]
  const ends = `${quote}:`
  // What became of a machine are words without a colon, so that the name may have one; elsewhere there may be one in what is said.
  const last = said.lastIndexOf(`${ends} `)
  const first = kind === 'lifecycle' ? last : said.indexOf(`${ends} `)
  if (first >= 0) return { kind, name: said.slice(0, first), detail: said.slice(first + ends.length).trim() }
  // A name that has line breaks does not end on this line.
  const end = [ends, quote].find((one) => said.endsWith(one)) ?? ''
  return { kind, name: said.slice(0, said.length - end.length), detail: '' }
}

/** Characters of what a program complains of that are read: the last. */
const lastWords = 16 * 2 ** 10

/** What virsh says when it fails, without `error:` and without what only repeats the command. The last line counts most. */
export function errorText(stderr: string): Label {
  const lines = stderr
    .slice(-lastWords)
    .split(/[\n\r]/)
    .map((line) => line.replace(/^Migration: \[.*?\]/, ''))
    .map((line) => line.replace(/^error:/, '').trim())
    .filter((line) => line && !/^Failed to \w+ (domain|network|pool) /.test(line))
  return label([...new Set(lines)].join('; ') || 'virsh failed without a word')
}

/** `pool-list --name` and `net-list --name`: one name a line. */
export function parseLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** As whom libvirt runs QEMU: Debian, Red Hat and others; and where qemu.conf says so. */
const emulatorOwners: ReadonlySet<string> = new Set(['libvirt-qemu', 'qemu'])

/**
 * `ps -o etimes= -o euser:32= -o ruser:32= -o comm= -o args=` of the host: seconds since the process of each machine was started, by UUID. QEMU
 * carries the UUID on its command line, but so may any process of anybody, `sudo -uuid …` waiting for a password too. Only those count that
 * are a QEMU and of its owner; of root where that has none. A line that is in doubt tells nothing.
 *
 * @param isOwnerFree where QEMU runs as another user (qemu.conf): that counts if all are of one
 */
export function parseProcessTimes(text: string, isOwnerFree = true): Map<string, number> {
  const claims = text.split('\n').flatMap((line) => claimIn(line) ?? [])
  const of = (isOwner: (owner: string) => boolean) => claims.filter(({ owner }) => isOwner(owner))
  const own = of((owner) => emulatorOwners.has(owner))
  const ofRoot = of((owner) => owner === 'root')
  const isOfOne = isOwnerFree && new Set(claims.map(({ owner }) => owner)).size === 1
  const counting = own.length ? own : ofRoot.length || !isOfOne ? ofRoot : claims
  // Of two, as at the end of a migration within one system, the last that was started. The command lines of QEMU are kilobytes each.
  return new Map(
    counting.sort((a, b) => b.seconds - a.seconds).map(({ uuid, seconds }) => [ownText(uuid), seconds]),
  )
}

interface Claim {
  readonly seconds: number
  readonly owner: string
  readonly uuid: string
}

/** A name or a file of a machine may hold a second UUID: then nobody knows whose the process is. */
function claimIn(line: string): Claim | undefined {
  const [, seconds, owner = '', program = '', args = ''] =
    /^ *(\d+) +(\S+) +\2 +(\S+) +(.*)$/.exec(line) ?? []
  if (!/qemu|kvm/.test(program)) return undefined
  const [one, ...more] = [...args.matchAll(/ -uuid ([0-9a-f-]{36})(?= |$)/g)]
  const uuid = one?.[1]
  return uuid && !more.length && isUuid(uuid) ? { seconds: count(seconds) ?? 0, owner, uuid } : undefined
}
