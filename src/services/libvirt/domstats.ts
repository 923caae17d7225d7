import { defined } from '../../hosts/defined.ts'
import type { Label } from '../../hosts/label.ts'
import { atOnce, type Steps } from '../../hosts/slices.ts'
import { isActive, type MachineState, stateOf } from './states.ts'

/** Cumulative counters of a running machine; they begin at 0 in each new process (start, migration). */
export interface Counters {
  /** nanoseconds of CPU time */
  readonly cpuNs?: number
  /** bytes, all disks */
  readonly diskReadBytes?: number
  readonly diskWriteBytes?: number
  /** bytes, all interfaces, as the guest sees it */
  readonly netReceivedBytes?: number
  readonly netSentBytes?: number
}

/** What `domstats` says of one machine. */
export interface DomainStats extends Counters {
  readonly state: MachineState
  readonly reason: Label
  readonly vcpus?: number
  readonly vcpusMax?: number
  /** KiB that the machine may have now (balloon), at most, and that its guest says it uses */
  readonly memoryKiB?: number
  readonly memoryMaxKiB?: number
  readonly memoryUsedKiB?: number
}

/** The text of one machine in an answer, and what was read of it. It moves when a number before it becomes longer. */
interface Paragraph {
  /** bytes of the answer: where it begins, and where it ends */
  from: number
  to: number
  readonly name: string
  /** `undefined`: it does not tell the state, and so it tells nothing */
  stats: DomainStats | undefined
}

/** By how much an answer may grow, with numbers that become longer, until it needs other memory. */
const headroom = 1.03

const beginning = Buffer.from("\nDomain: '")

/**
 * Reads `domstats --raw` again and again: a paragraph a machine, `Domain: 'NAME'` and `  key=value` lines. What a second ago was the same,
 * byte for byte, is not read again, and a machine of which the same is said keeps its object: it is asked every second for every
 * machine of the cluster, and of most of them nothing has changed.
 */
export class Domstats {
  /** the last answer, in memory that stays: that of an answer is let go as soon as it is read */
  #answer: Buffer = Buffer.alloc(0)
  #room: Buffer = Buffer.alloc(0)
  #paragraphs: Paragraph[] = []
  #all = new Map<string, DomainStats>()

  /** By raw name; until the next answer is read. */
  read(answer: Buffer): Steps<ReadonlyMap<string, DomainStats>> {
    return this.#read(answer)
  }

  *#read(answer: Buffer): Steps<ReadonlyMap<string, DomainStats>> {
    if (this.#answer.equals(answer)) return this.#all
    const paragraphs = this.#paragraphs
    let count = 0
    let isWhole = true
    let from = startsWith(answer) ? 0 : after(answer, 0)
    while (from < answer.length) {
      const to = after(answer, from)
      const isKnown = yield* this.#again(paragraphs[count], answer, from, to)
      if (!isKnown) paragraphs[count] = yield* paragraphIn(answer, from, to)
      isWhole &&= isKnown
      count++
      from = to
      yield
    }
    this.#keep(answer)
    // What is given away each second would soon be garbage: where there are the same machines, the map stays.
    if (isWhole && count === paragraphs.length) return this.#all
    paragraphs.length = count
    this.#all = byName(paragraphs)
    return this.#all
  }

  #keep(answer: Buffer): void {
    if (this.#room.length < answer.length || this.#room.length > 2 * answer.length)
      this.#room = Buffer.allocUnsafeSlow(Math.ceil(answer.length * headroom))
    answer.copy(this.#room)
    this.#answer = this.#room.subarray(0, answer.length)
  }

  /** Reads what has changed of a machine that stands where it stood; tells whether it is that machine. */
  *#again(known: Paragraph | undefined, answer: Buffer, from: number, to: number): Steps<boolean> {
    if (!known) return false
    const isSame = answer.compare(this.#answer, known.from, known.to, from, to) === 0
    const now = isSame ? known : yield* paragraphIn(answer, from, to)
    if (now.name !== known.name || !now.stats || this.#all.get(now.name) !== known.stats) return false
    known.from = from
    known.to = to
    if (isSame || (known.stats && isAlike(known.stats, now.stats))) return true
    known.stats = now.stats
    this.#all.set(now.name, now.stats)
    return true
  }
}

function* paragraphIn(answer: Buffer, from: number, to: number): Steps<Paragraph> {
  const text = answer.toString('utf8', from, to)
  const end = text.indexOf('\n')
  const stats = yield* statsSteps(text, end + 1)
  return { from, to, name: text.slice(9, (end < 0 ? text.length : end) - 1), stats }
}

function startsWith(answer: Buffer): boolean {
  return answer.indexOf(beginning.subarray(1)) === 0
}

/** Where the paragraph begins that comes after this byte. */
function after(answer: Buffer, from: number): number {
  const at = answer.indexOf(beginning, from)
  return at < 0 ? answer.length : at + 1
}

/** Of two with one name one is a forgery (names are unique on a host): neither is believed. */
function byName(paragraphs: readonly Paragraph[]): Map<string, DomainStats> {
  const all = new Map<string, DomainStats>()
  const named = new Set<string>()
  for (const { name, stats } of paragraphs) {
    if (named.has(name)) all.delete(name)
    else if (stats) all.set(name, stats)
    named.add(name)
  }
  return all
}

function isAlike(a: DomainStats, b: DomainStats): boolean {
  const keys = Object.keys(b) as (keyof DomainStats)[]
  return keys.length === Object.keys(a).length && keys.every((key) => a[key] === b[key])
}

/** `domstats --raw` once. Returns by raw name. */
export function parseDomstats(text: string): ReadonlyMap<string, DomainStats> {
  return atOnce(new Domstats().read(Buffer.from(text)))
}

/** `domstats --raw UUID`: all of it is that machine's, whatever names stand in it. */
export function parseOwnDomstats(text: string): DomainStats {
  const fields = new StatFields()
  for (const [, key = '', value = ''] of text.matchAll(/^ {2}([a-z0-9.-]+)=(\d+)$/gm)) fields.take(key, value)
  return fields.stats()
}

/** The lines of one machine from this character on. */
function* statsSteps(text: string, begin: number): Steps<DomainStats | undefined> {
  const fields = new StatFields()
  let lines = 0
  for (let from = begin; from > 0 && from < text.length; ) {
    let to = text.indexOf('\n', from)
    if (to < 0) to = text.length
    const equals = text.startsWith('  ', from) ? text.indexOf('=', from) : -1
    if (equals > 0 && equals < to) fields.take(text.slice(from + 2, equals), text.slice(equals + 1, to))
    from = to + 1
    if (++lines % 256 === 0) yield
  }
  return fields.complete ? fields.stats() : undefined
}

/** Counters of which a machine has one for each device; the console shows their sum. */
const perDevice = /^(?:block|net)\.\d+\.(rd|wr|rx|tx)\.bytes$/

/** Gathers the lines of one paragraph. */
class StatFields {
  #values = new Map<string, number>()

  get complete(): boolean {
    return this.#values.has('state.state')
  }

  take(key: string, text: string): void {
    const device = key.endsWith('.bytes') ? perDevice.exec(key)?.[1] : undefined
    const name = device ?? (wanted.has(key) ? key : undefined)
    const value = name && /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN
    if (name && Number.isFinite(value))
      this.#values.set(name, value + (device ? (this.#values.get(name) ?? 0) : 0))
  }

  stats(): DomainStats {
    const get = (key: string) => this.#values.get(key)
    const { state, reason } = stateOf(get('state.state') ?? 0, get('state.reason') ?? 0)
    const active = isActive(state)
    return defined({
      state,
      reason,
      vcpus: get('vcpu.current'),
      vcpusMax: get('vcpu.maximum'),
      memoryKiB: get('balloon.current'),
      memoryMaxKiB: get('balloon.maximum'),
      ...(active && {
        memoryUsedKiB: usedMemory(get),
        cpuNs: get('cpu.time'),
        diskReadBytes: get('rd'),
        diskWriteBytes: get('wr'),
        netReceivedBytes: get('rx'),
        netSentBytes: get('tx'),
      }),
    })
  }
}

const wanted = new Set([
  'state.state',
  'state.reason',
  'cpu.time',
  'vcpu.current',
  'vcpu.maximum',
  'balloon.current',
  'balloon.maximum',
  'balloon.available',
  'balloon.usable',
  'balloon.unused',
  'balloon.rss',
])

/**
 * What the guest uses, KiB: from its balloon driver where it reports (available - usable, or - unused), else what
 * the machine's process holds on the host. The second may exceed the machine's memory by the emulator's own.
 */
function usedMemory(get: (key: string) => number | undefined): number | undefined {
  const available = get('balloon.available')
  const free = get('balloon.usable') ?? get('balloon.unused')
  if (available !== undefined && free !== undefined) return Math.max(0, available - free)
  return get('balloon.rss')
}
