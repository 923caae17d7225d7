import { defined } from '../../hosts/defined.ts'
import { inSlices } from '../../hosts/slices.ts'
import { answerTo, type VirshAsking, withinBudget } from './asking.ts'
import { type DomainStats, Domstats, parseOwnDomstats } from './domstats.ts'
import { Kept, sameList } from './kept.ts'
import type { NamedDomain } from './parse.ts'
import type { Seen } from './read.ts'
import { fits, type Listed, Roster, readStates, type Told } from './roster.ts'
import { isActive } from './states.ts'

/** What is asked at each look: whether a machine runs, and its CPU time. */
const each = ['--state', '--cpu-total'] as const
/** What changes seldom, or is shown well enough when it is a few seconds old: it is most of what there is to read. */
const seldom = ['--state', '--balloon', '--vcpu'] as const
/**
 * Devices are asked apart: their names and paths are free text that libvirt prints as it is, and a line break in one can pretend to be
 * another machine's paragraph. So nothing but what they have moved is taken from that answer.
 */
const devices = ['--state', '--interface', '--block'] as const
/** The groups that are answered even while a guest's process hangs: docs/internals/libvirt.md, "Hung guests". */
const safe = { each: ['--state'], devices: ['--state', '--interface'] } as const

/** Milliseconds between two readings of what is asked seldom; a little less than three looks of a second. */
const seldomEvery = 2_700

type Stats = ReadonlyMap<string, DomainStats>
const nothing: Stats = new Map()

/** What is asked seldom, as it was read last. */
interface Rest {
  /** of these machines */
  readonly roster: readonly Listed[]
  /** milliseconds since the epoch */
  readonly at: number
  /** a guest hung: not all was asked */
  readonly hung: boolean
  readonly numbers: Stats
  readonly devices: Stats
}

/**
 * Reads every machine of a host by the same few commands, however many there are, as long as a connection lives. Which there are and
 * whether they run is the roster's word; `domstats` adds reasons and numbers, by name. What is in doubt there is asked again by UUID.
 *
 * Of a machine of which the same is said its object is the same, and so is the list while no machine has changed.
 */
export class MachineReader {
  readonly #now: () => number
  readonly #roster: Roster
  readonly #each = new Domstats()
  readonly #seldom = new Domstats()
  readonly #devices = new Domstats()
  #rest: Rest | undefined
  /** there is only one reading: rates need a second, and who has just come waits for them */
  #isFirst = false
  readonly #made = new Kept<Seen>()
  #machines: readonly Seen[] = []

  constructor(now: () => number) {
    this.#now = now
    this.#roster = new Roster(now)
  }

  /** Something happened to a machine: all is read at the next look. */
  forget(): void {
    this.#rest = undefined
    this.#roster.forgetNames()
  }

  /** milliseconds since the epoch: when memory and devices were read */
  get restAt(): number | undefined {
    return this.#rest?.at
  }

  /** @param hung a guest hangs: nothing is asked that would hang with it, and nothing is told that is not asked */
  async read(asking: VirshAsking, hung: boolean): Promise<readonly Seen[]> {
    const { at = Number.NEGATIVE_INFINITY, hung: wasHung } = this.#rest ?? {}
    const isDue = hung || wasHung || this.#isFirst || this.#now() - at >= seldomEvery
    const [roster, answer, early] = await Promise.all([
      this.#roster.read(asking),
      this.#domstats(asking, hung ? safe.each : each),
      isDue ? this.#askRest(asking, hung) : undefined,
    ])
    const numbersOf = await inSlices(this.#each.read(answer.bytes))
    // A machine that has come, or has changed its state, is to be known whole.
    if (early || this.#rest?.roster !== roster) {
      const rest = early ?? (await this.#askRest(asking, hung))
      this.#isFirst = this.#rest === undefined
      this.#rest = {
        roster,
        at: this.#now(),
        hung,
        numbers: rest.numbers ? await inSlices(this.#seldom.read(rest.numbers.bytes)) : nothing,
        devices: await inSlices(this.#devices.read(rest.devices.bytes)),
      }
    }
    return await this.#join(asking, roster, numbersOf, this.#rest)
  }

  #domstats(asking: VirshAsking, which: readonly string[]) {
    return answerTo(asking, 'domstats', '--raw', '--nowait', ...which)
  }

  async #askRest(asking: VirshAsking, hung: boolean) {
    const [numbers, moved] = await Promise.all([
      hung ? undefined : this.#domstats(asking, seldom),
      this.#domstats(asking, hung ? safe.devices : devices),
    ])
    return { numbers, devices: moved }
  }

  async #join(
    asking: VirshAsking,
    roster: readonly Listed[],
    numbersOf: Stats,
    rest: Rest,
  ): Promise<readonly Seen[]> {
    const { hung } = rest
    const doubted = roster.filter((machine) => !fits(machine, numbersOf.get(machine.name)))
    const unread = roster.filter(
      ({ name, state }) =>
        state !== 'shut off' &&
        !(numbersOf.has(name) && rest.devices.has(name) && (hung || rest.numbers.has(name))),
    )
    if (doubted.length || unread.length) this.#roster.forgetNames()
    const states = await readStates(asking, this.#now, doubted)
    const own = await this.#readOwn(asking, hung ? [] : unread)
    const machines: Seen[] = []
    for (const machine of roster) {
      const { uuid, name } = machine
      const listed = numbersOf.get(name)
      const isListed = fits(machine, listed)
      const told = isListed ? listed : states.get(uuid)
      if (!told) continue
      const numbers = own.get(uuid)?.numbers ?? (isListed ? rest.numbers.get(name) : undefined)
      const moved = own.get(uuid)?.devices ?? rest.devices.get(name)
      machines.push(
        this.#made.get(uuid, machine, told, numbers, moved) ??
          this.#made.keep(uuid, seenOf(machine, told, numbers, moved), machine, told, numbers, moved),
      )
    }
    this.#made.only(machines)
    this.#machines = sameList(this.#machines, machines)
    return this.#machines
  }

  /** The numbers of machines whose paragraphs are in doubt: an answer about one machine can only lie about that one. */
  async #readOwn(asking: VirshAsking, machines: readonly NamedDomain[]) {
    const own = new Map<string, { readonly numbers: DomainStats; readonly devices: DomainStats }>()
    await withinBudget(machines, this.#now, async ({ uuid }) => {
      const said = async (which: readonly string[]) => {
        const words = ['domstats', '--raw', '--nowait', ...which, uuid]
        const { out, err } = await asking.session.command(words, asking.timeout)
        return parseOwnDomstats(err ? '' : out)
      }
      const [numbers, moved] = await Promise.all([said([...each, ...seldom.slice(1)]), said(devices)])
      own.set(uuid, { numbers, devices: moved })
    })
    return own
  }
}

/** What is told of its state counts for now, and its numbers only while it runs. */
function seenOf(
  { uuid, name }: Listed,
  told: Told & Partial<DomainStats>,
  numbers: DomainStats | undefined,
  moved: DomainStats | undefined,
): Seen {
  const { state, reason } = told
  const { vcpus, vcpusMax, memoryKiB, memoryMaxKiB } = numbers ?? {}
  return defined({
    uuid,
    name,
    state,
    reason,
    vcpus,
    vcpusMax,
    memoryKiB,
    memoryMaxKiB,
    ...(isActive(state) && {
      memoryUsedKiB: numbers?.memoryUsedKiB,
      cpuNs: told.cpuNs ?? numbers?.cpuNs,
      diskReadBytes: moved?.diskReadBytes,
      diskWriteBytes: moved?.diskWriteBytes,
      netReceivedBytes: moved?.netReceivedBytes,
      netSentBytes: moved?.netSentBytes,
    }),
  })
}
