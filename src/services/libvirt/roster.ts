import type { Answer } from '../../hosts/conversation.ts'
import { HostError } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'
import { LastRead } from '../../hosts/last-read.ts'
import { limits } from '../../hosts/limits.ts'
import { answerTo, type VirshAsking, withinBudget } from './asking.ts'
import { type NamedDomain, parseDomstate, parseNames, parseUuids } from './parse.ts'
import { isGone } from './refusal.ts'
import { isActive, type MachineState } from './states.ts'

/** What is told of a machine by an answer that holds no free text. */
export interface Told {
  readonly state: MachineState
  readonly reason: Label
}

/** A machine that the host has. */
export interface Listed extends NamedDomain {
  /** none: it is in another state, or changed it while it was asked */
  readonly state: 'running' | 'paused' | 'shut off' | undefined
}

const words = ['running', 'paused', 'shut off'] as const

/** By UUID, for these machines. */
interface Names {
  readonly of: ReadonlySet<string>
  /** milliseconds of when all of them were told */
  readonly at: number
  readonly known: ReadonlyMap<string, string>
}

/** Milliseconds: how often names are asked for without a reason. A machine that runs cannot be renamed. */
const namesEvery = 15_000

/**
 * Which machines a host has, and in which state: by lists of UUIDs, one a line, and nothing else. A name is free text: libvirt
 * renames a machine to one with line breaks (9.0), which can pretend to be a row of the list or a paragraph of `domstats`.
 */
export class Roster {
  readonly #now: () => number
  readonly #all = new LastRead(parseUuids)
  readonly #named = new LastRead(parseNames)
  readonly #in = words.map((state) => ({ state, uuids: new LastRead(parseUuids) }))
  #names: Names | undefined
  #last: { readonly of: readonly unknown[]; readonly machines: readonly Listed[] } | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** A name may no longer be true. */
  forgetNames(): void {
    this.#names = undefined
  }

  /** The same list, and the same objects, while nothing has changed. */
  async read(asking: VirshAsking): Promise<readonly Listed[]> {
    const list = (...which: string[]) => answerTo(asking, 'list', '--all', ...which)
    const mayKeep = this.#names && this.#now() - this.#names.at < namesEvery
    const [all, running, paused, off, named] = await Promise.all([
      list('--uuid'),
      list('--uuid', '--state-running'),
      list('--uuid', '--state-paused'),
      list('--uuid', '--state-shutoff'),
      mayKeep ? undefined : list('--name', '--uuid'),
    ])
    const uuids = this.#all.of(all)
    if (uuids.size > limits.machines) throw tooManyMachines(asking.host, uuids.size)
    if (named || this.#names?.of !== uuids)
      this.#names = await this.#readNames(asking, uuids, named ?? (await list('--name', '--uuid')))
    const names = this.#names.known
    const states = this.#in.map(({ uuids: read }, i) => read.of([running, paused, off][i] as Answer))
    const made = [uuids, names, ...states]
    if (this.#last?.of.every((one, i) => one === made[i])) return this.#last.machines
    const machines = [...uuids].flatMap((uuid): Listed[] => {
      const name = names.get(uuid)
      if (name === undefined) return []
      const told = words.filter((_, i) => states[i]?.has(uuid))
      return [{ uuid, name, state: told.length === 1 ? told[0] : undefined }]
    })
    this.#last = { of: made, machines }
    return machines
  }

  /** Asks one by one for the names that the list leaves in doubt; a machine that has gone meanwhile has none. */
  async #readNames(asking: VirshAsking, uuids: ReadonlySet<string>, list: Answer): Promise<Names> {
    const listed = this.#named.of(list)
    const doubtful = [...uuids].filter((uuid) => !listed.get(uuid))
    if (!doubtful.length) return { of: uuids, at: this.#now(), known: listed }
    // What is not told in time is asked again at the next look.
    const known = new Map([...doubtful.map((uuid): [string, string] => [uuid, uuid]), ...listed])
    let untold = doubtful.length
    await withinBudget(doubtful, this.#now, async (uuid) => {
      const { out, err } = await asking.session.command(['domname', uuid], asking.timeout)
      if (isGone(err)) known.delete(uuid)
      else if (err) return
      else known.set(uuid, out.replace(/\n{1,2}$/, '') || uuid)
      untold--
    })
    return { of: uuids, at: untold ? Number.NEGATIVE_INFINITY : this.#now(), known }
  }
}

/** To leave some out would make them look as if they had gone. */
export function tooManyMachines(host: string, many: number): HostError {
  const reason = say`it lists ${many} machines, and more than ${limits.machines} of one host are not read`
  return new HostError('overflow', host, reason)
}

/**
 * The state and its reason of machines of which `domstats` has told nothing that fits: asked one by one, by UUID. What there was
 * no time for has the state of the roster. Machines that have gone meanwhile are left out.
 */
export async function readStates(
  asking: VirshAsking,
  now: () => number,
  machines: readonly Listed[],
): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>(
    machines.map(({ uuid, state }) => [
      uuid,
      { state: state ?? 'no state', reason: state ? say`` : say`not told in time` },
    ]),
  )
  await withinBudget(machines, now, async ({ uuid }) => {
    const { out, err } = await asking.session.command(['domstate', uuid, '--reason'], asking.timeout)
    const state = err ? undefined : parseDomstate(out)
    if (isGone(err)) told.delete(uuid)
    else if (state) told.set(uuid, state)
  })
  return told
}

/** Whether what `domstats` says can be: it was not asked in the same moment, and somebody may have forged it. */
export function fits({ state: listed }: Listed, told: Told | undefined): told is Told {
  if (!told) return false
  if (listed === undefined) return told.state !== 'running' && told.state !== 'paused'
  return listed === 'shut off' ? !isActive(told.state) : told.state === listed
}
