import { HostError } from '../../hosts/host.ts'
import { type Label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import { ask, type VirshAsking, withinBudget } from './asking.ts'
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

/**
 * Which machines a host has, and in which state: by lists of UUIDs, one a line, and nothing else. A name is free text: libvirt
 * renames a machine to one with line breaks (9.0), which can pretend to be a row of the list or a paragraph of `domstats`.
 */
export async function readRoster(asking: VirshAsking, now: () => number): Promise<Listed[]> {
  const uuids = async (...which: string[]) =>
    parseUuids(await ask(asking, 'list', '--all', '--uuid', ...which))
  const [all, running, paused, off, named] = await Promise.all([
    uuids(),
    uuids('--state-running'),
    uuids('--state-paused'),
    uuids('--state-shutoff'),
    ask(asking, 'list', '--all', '--name', '--uuid'),
  ])
  if (all.size > limits.machines) throw tooManyMachines(asking.host, all.size)
  const names = parseNames(named)
  const gone = await readNames(asking, now, all, names)
  return [...all].flatMap((uuid): Listed[] => {
    if (gone.has(uuid)) return []
    const states = words.filter((_, i) => [running, paused, off][i]?.has(uuid))
    const name = names.get(uuid) ?? uuid
    return [{ uuid, name, state: states.length === 1 ? states[0] : undefined }]
  })
}

/** To leave some out would make them look as if they had gone. */
export function tooManyMachines(host: string, many: number): HostError {
  const reason = say`it lists ${many} machines, and more than ${limits.machines} of one host are not read`
  return new HostError('overflow', host, reason)
}

const words = ['running', 'paused', 'shut off'] as const

/** Adds the names that the list leaves in doubt. Returns the machines that have gone meanwhile. */
async function readNames(
  asking: VirshAsking,
  now: () => number,
  all: ReadonlySet<string>,
  names: Map<string, string>,
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>()
  const doubtful = [...all].filter((uuid) => !names.get(uuid))
  await withinBudget(doubtful, now, async (uuid) => {
    const { out, err } = await asking.session.command(['domname', uuid], asking.timeout)
    if (isGone(err)) gone.add(uuid)
    else if (!err) names.set(uuid, out.replace(/\n{1,2}$/, '') || uuid)
  })
  return gone
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
