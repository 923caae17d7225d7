import { defined } from '../../../hosts/defined.ts'
import type { Host } from '../../../hosts/host.ts'
import { type Label, label, say } from '../../../hosts/label.ts'
import { limits } from '../../../hosts/limits.ts'
import { type VirshAsking, withinBudget } from '../asking.ts'
import type { HypervisorFacts } from '../facts.ts'
import { parseDomstate } from '../parse.ts'
import type { Connected, Seen } from '../read.ts'
import { Roster, tooManyMachines } from '../roster.ts'
import { Dom0Command, xentop, xlConfigs, xlList } from './client.ts'
import { XenNumbers } from './numbers.ts'
import { domain0, parseXentop, parseXlConfigs, parseXlList, type XlConfig, type XlDomain } from './parse.ts'
import { stateOnXen } from './states.ts'

/** Milliseconds for which a row without VCPUs is a domain being built: docs/internals/xen.md, "Rows of domains being built". */
const build = 30_000

export interface XenLook {
  readonly machines: readonly Seen[]
  readonly cpu?: NonNullable<HypervisorFacts['cpu']>
  readonly partial?: Label
}

/** A row of xl, and the milliseconds for which it and libvirt have said what they say. */
type Row = XlDomain & { readonly lasts: number }

/**
 * Reads the machines of a driver without `domstats`, which is libvirt's Xen driver, by the means that there are:
 *
 * - the states by `list`, and the reason by `domstate` of a machine whose state has changed;
 * - as root or by sudo `xl list -v` (the hypervisor's word on the state, CPU time, the machines that xl made) and
 *   `xentop` (network, disks): one command each for all machines;
 * - without xentop, the numbers machine by machine in the virsh session.
 *
 * It is a part of the service libvirt and not a service of its own because both are one look at one host: libvirt's
 * machines, completed. Lives as long as a connection, for which it finds out once what may be asked.
 */
export class XenReader {
  readonly #now: () => number
  readonly #xl: Dom0Command | undefined
  readonly #configs: Dom0Command | undefined
  readonly #xentop: Dom0Command | undefined
  readonly #numbers: XenNumbers
  readonly #roster: Roster
  /** by UUID: the word of the table, and what `domstate` says */
  #states = new Map<string, Pick<Seen, 'state' | 'reason'> & { readonly word: string }>()
  /** by domain id, of machines that xl made */
  #known = new Map<number, Partial<XlConfig>>()
  /** by domain id: what xl and libvirt say, and since when */
  #since = new Map<number, { readonly what: string; readonly at: number }>()
  #lastList: { readonly rows: readonly XlDomain[]; readonly at: number } = { rows: [], at: 0 }

  constructor(host: Host, connected: Connected, signal: AbortSignal, now: () => number) {
    this.#now = now
    this.#roster = new Roster(now)
    this.#numbers = new XenNumbers(connected.cpus, now)
    if (connected.driver !== 'xen') return
    this.#xl = new Dom0Command(xlList, { host, signal, now })
    this.#configs = new Dom0Command(xlConfigs, { host, signal, now })
    this.#xentop = new Dom0Command(xentop, { host, signal, now })
  }

  /** libvirt told of something: the reason of this machine's state is to be read anew. */
  forget(uuid: string): void {
    this.#states.delete(uuid)
    this.#roster.forgetNames()
  }

  async read(asking: VirshAsking): Promise<XenLook> {
    const [listedBy, list, sample] = await Promise.all([
      this.#roster.read(asking),
      this.#xl?.answer(),
      this.#xentop?.answer(),
    ])
    const table = listedBy.map((one): Seen => ({ ...one, state: one.state ?? 'no state', reason: say`` }))
    const at = this.#now()
    const listed = list === undefined ? undefined : parseXlList(list)
    if (listed && listed.length > limits.machines) throw tooManyMachines(asking.host, listed.length)
    const sampled = sample === undefined ? undefined : parseXentop(sample)
    const libvirts = await this.#withReasons(
      asking,
      table.filter((machine) => machine.uuid !== domain0),
    )
    if (listed) this.#lastList = { rows: listed, at }
    const rows = this.#rows(libvirts, listed === undefined)
    const foreign = await this.#foreign(rows, libvirts)
    const machines = [...withLetters(libvirts, rows), ...foreign]
    const others = table.filter((machine) => machine.uuid === domain0)
    const means = { xl: isThere(this.#xl), xentop: isThere(this.#xentop) }
    const numbers = await this.#numbers.add(asking, machines, others, { at, listed, sampled, means })
    return defined({ ...numbers, partial: this.#partial() })
  }

  /** The table has no reasons, and a machine that crashed is only "shut off" in it. */
  async #withReasons(asking: VirshAsking, machines: readonly Seen[]): Promise<Seen[]> {
    const present = new Set(machines.map((machine) => machine.uuid))
    for (const uuid of this.#states.keys()) if (!present.has(uuid)) this.#states.delete(uuid)
    const changed = machines.filter(({ uuid, state }) => this.#states.get(uuid)?.word !== state)
    await withinBudget(changed, this.#now, async ({ uuid, state, reason }) => {
      const { out, err } = await asking.session.command(['domstate', uuid, '--reason'], asking.timeout)
      const told = err ? undefined : parseDomstate(out)
      this.#states.set(uuid, { word: state, ...(told ?? { state, reason }) })
    })
    return machines.map((machine) => {
      const { word, ...told } = this.#states.get(machine.uuid) ?? {}
      return word === machine.state ? { ...machine, ...told } : machine
    })
  }

  /**
   * The rows that stand for a machine: not Domain-0, not the target of a migration, not one that is being built. While xl gives
   * no answer, an old row counts as long as libvirt says what it said then: what runs behind libvirt's back must not
   * look as if it could be started.
   */
  #rows(libvirts: readonly Seen[], old: boolean): Row[] {
    const word = new Map(libvirts.map(({ uuid, state }) => [uuid, state]))
    const before = this.#since
    const { rows, at } = this.#lastList
    this.#since = new Map()
    return rows.flatMap((row) => {
      const what = [row.uuid, row.vcpus === 0, row.letters.slice(2), word.get(row.uuid)].join(' ')
      const known = before.get(row.id)
      const same = known?.what === what
      if (old && !same) return []
      const since = same ? known : { what, at }
      this.#since.set(row.id, since)
      const lasts = at - since.at
      const isMachine = row.id !== 0 && !row.name.endsWith('--incoming') && (row.vcpus > 0 || lasts >= build)
      return isMachine ? [{ ...row, lasts }] : []
    })
  }

  /** The machines that only xl has. Their configurations are read by one command when there is a new one. */
  async #foreign(rows: readonly Row[], libvirts: readonly Seen[]): Promise<Seen[]> {
    const uuids = new Set(libvirts.map((machine) => machine.uuid))
    const foreign = rows.filter((row) => !uuids.has(row.uuid))
    const isNew = foreign.some(({ id }) => !this.#known.has(id))
    const read = isNew ? parseXlConfigs((await this.#configs?.answer()) ?? '') : undefined
    this.#known = new Map(foreign.map(({ id }) => [id, this.#known.get(id) ?? read?.get(id) ?? {}]))
    return foreign.map((row) => ({
      ...this.#known.get(row.id),
      uuid: row.uuid,
      name: row.name,
      vcpus: row.vcpus,
      memoryKiB: row.memoryKiB,
      ...stateOnXen(row, undefined, row.lasts),
      foreign: true,
    }))
  }

  #partial(): Label | undefined {
    const lacks = [
      this.#xl?.trouble &&
        (this.#xl.refused
          ? say`machines made by xl are not seen (${this.#xl.trouble})`
          : say`what xl says is old (${this.#xl.trouble})`),
      this.#xentop?.trouble &&
        (this.#xentop.refused
          ? say`numbers come slowly, machine by machine (${this.#xentop.trouble})`
          : say`numbers are missing (${this.#xentop.trouble})`),
    ].filter((text) => text !== undefined)
    return lacks.length > 0 ? label(lacks.join('; ')) : undefined
  }
}

function isThere(command: Dom0Command | undefined): boolean {
  return command !== undefined && !command.refused
}

function withLetters(libvirts: readonly Seen[], rows: readonly Row[]): Seen[] {
  const byUuid = new Map(rows.map((row) => [row.uuid, row]))
  return libvirts.map((machine) => {
    const row = byUuid.get(machine.uuid)
    return row ? { ...machine, ...stateOnXen(row, machine, row.lasts) } : machine
  })
}
