import type { SystemConfig, SystemMachine } from '../config/desk.ts'
import { ownerOfUnlisted } from '../fleet/cluster/owner.ts'
import type { ResourceRecord } from '../fleet/cluster/record.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { conditionOf, type Snapshot } from '../fleet/snapshot.ts'
import type { Bookings } from './holds.ts'
import type { DeskSystem } from './protocol.ts'

/**
 * How a machine is. `off`: it can be started. `busy`: it is neither off nor of use, as one that is paused, or whose name two machines have. `absent`: no
 * host has it. `unknown`: who has it does not answer.
 */
export const standingStates = ['runs', 'off', 'busy', 'absent', 'unknown'] as const

/** How a machine of the catalogue is, for nobody yet. */
export interface MachineSight {
  readonly name: string
  readonly state: (typeof standingStates)[number]
  /** none for a machine that is always there, or that is absent */
  readonly record?: MachineRecord | undefined
  /** of one that is off: its cluster alone knows it, as this */
  readonly resource?: ResourceRecord | undefined
  readonly host?: string | undefined
  /** KiB that it takes on its host when it runs */
  readonly need?: number | undefined
  /** KiB that are free there; none: not known */
  readonly free?: number | undefined
}

/** How a machine of the catalogue is, for one person. */
export interface Standing {
  readonly machine: SystemMachine
  readonly state: MachineSight['state']
  /** none for a machine that is always there, or that is absent */
  readonly record?: MachineRecord
  /** of one that is off: its cluster alone knows it, as this */
  readonly resource?: ResourceRecord
  /** how many other people are on it */
  readonly others: number
  /** the person is on it, or it is kept for them */
  readonly isOwn: boolean
  /** it did not come up a short while ago */
  readonly isShunned: boolean
  /** of one that is off: KiB that its host would have left; none: not known */
  readonly left?: number
}

export function needOf({ memoryKiB, memoryMaxKiB }: MachineRecord): number {
  return memoryMaxKiB ?? memoryKiB ?? 0
}

type Standing_ = Pick<MachineSight, 'state' | 'record' | 'resource'>

function standingIn({ name, always }: SystemMachine, snapshot: Snapshot, now: number): Standing_ {
  if (always) return { state: 'runs' }
  const isUp = (host: string) => {
    const record = snapshot.hosts.find((one) => one.name === host)
    return record !== undefined && conditionOf(snapshot, record, now) === 'up'
  }
  const [record, ...more] = snapshot.machines.filter(({ rawName }) => rawName === name)
  if (!record) {
    const resource = ownerOfUnlisted(name, snapshot)
    if (resource) return stoppedIn(resource)
    const isSilent = snapshot.hosts.some((one) => one.roles.includes('hypervisor') && !isUp(one.name))
    return { state: isSilent ? 'unknown' : 'absent' }
  }
  if (more.length || record.runsTwice) return { state: 'busy', record }
  if (!isUp(record.host)) return { state: 'unknown', record }
  switch (record.state) {
    case 'running':
    case 'idle':
    case 'migrating':
      return { state: 'runs', record }
    case 'shut off':
    case 'crashed':
      // It may run where nobody answers.
      return { state: record.mayRunOn?.length ? 'unknown' : 'off', record }
    default:
      return { state: 'busy', record }
  }
}

/** One that its cluster has stopped: only then it is off for certain, whoever does not answer. */
function stoppedIn(resource: ResourceRecord): Standing_ {
  const { places, unsure, targetRole } = resource
  if (places.length || unsure.length) return { state: 'unknown' }
  return targetRole === 'Stopped' ? { state: 'off', resource } : { state: 'busy' }
}

/** How machines of the catalogue are, by what the hypervisors have told. */
export function sightsOf(
  machines: readonly SystemMachine[],
  snapshot: Snapshot,
  now: number,
): MachineSight[] {
  return machines.map((machine) => {
    const { state, record, resource } = standingIn(machine, snapshot, now)
    if (!record) return { name: machine.name, state, ...(resource ? { resource } : {}) }
    const free = snapshot.hosts.find(({ name }) => name === record.host)?.memoryFreeKiB
    return { name: machine.name, state, record, host: record.host, need: needOf(record), free }
  })
}

/** How the machines of a system are, in the order of the catalogue. `uid`: for whom. */
export function standingsOf(
  system: Pick<SystemConfig, 'machines'>,
  snapshot: Snapshot,
  now: number,
  bookings: Bookings,
  uid: number,
): Standing[] {
  const isOf = new Set(system.machines.map(({ name }) => name))
  const others = [...bookings.people.keys()].filter((name) => !isOf.has(name))
  const all = [...system.machines, ...others.map((name) => ({ name, always: false }))]
  return standingsBy(system, sightsOf(all, snapshot, now), bookings, uid)
}

/**
 * The same by what is known of machines: of the system's own, and of the others that people are to have, which take memory of the same hosts.
 */
export function standingsBy(
  { machines }: Pick<SystemConfig, 'machines'>,
  sights: readonly MachineSight[],
  { people, shunned }: Bookings,
  uid: number,
): Standing[] {
  const byName = new Map(sights.map((one) => [one.name, one]))
  /** KiB that will be taken by machines that are kept for somebody and do not run yet, by host */
  const coming = new Map<string, number>()
  for (const { name, state, host, need = 0 } of byName.values())
    if (state === 'off' && host !== undefined && people.has(name))
      coming.set(host, (coming.get(host) ?? 0) + need)
  return machines.map((machine) => {
    const sight = machine.always ? undefined : byName.get(machine.name)
    const { record, resource, host = '', need = 0, free } = sight ?? {}
    const state = sight?.state ?? (machine.always ? 'runs' : 'unknown')
    const on = people.get(machine.name) ?? new Set()
    const isOwn = on.has(uid)
    const isCounted = on.size > 0
    const left =
      state === 'off' && free !== undefined
        ? free - (coming.get(host) ?? 0) - (isCounted ? 0 : need)
        : undefined
    return {
      machine,
      state,
      ...(record ? { record } : {}),
      ...(resource ? { resource } : {}),
      others: on.size - (isOwn ? 1 : 0),
      isOwn,
      isShunned: shunned.has(machine.name),
      ...(left === undefined ? {} : { left }),
    }
  })
}

/** There is room on it for one more person, and it can be had now. */
function isFree({ machine, state, others, isShunned, left = 0 }: Standing, people: number): boolean {
  if (isShunned || (others >= people && !machine.always)) return false
  return state === 'runs' || (state === 'off' && left >= 0)
}

/** The first for which the value is the least. */
function least(all: readonly Standing[], value: (one: Standing) => number): Standing | undefined {
  return all.reduce<Standing | undefined>(
    (best, one) => (best === undefined || value(one) < value(best) ? one : best),
    undefined,
  )
}

/**
 * The machine for a person: the one that is theirs already; else the one of those that run on which the fewest people are; else the one to be
 * started whose host has the most memory left then. `without`: those that were tried. Undefined: there is none.
 */
export function choose(
  all: readonly Standing[],
  { people }: Pick<SystemConfig, 'people'>,
  without: ReadonlySet<string> = new Set(),
): Standing | undefined {
  const free = all.filter((one) => isFree(one, people) && !without.has(one.machine.name))
  return (
    free.find(({ isOwn }) => isOwn) ??
    least(
      free.filter(({ state }) => state === 'runs'),
      ({ others }) => others,
    ) ??
    least(free, ({ left = Number.NEGATIVE_INFINITY }) => -left)
  )
}

/** What a person is told of a system. */
export function stateOf(all: readonly Standing[], system: Pick<SystemConfig, 'people'>): DeskSystem['state'] {
  const chosen = choose(all, system)
  if (chosen) return chosen.state === 'runs' ? 'ready' : 'starts'
  return all.some(({ state }) => state === 'unknown') ? 'unknown' : 'none'
}
