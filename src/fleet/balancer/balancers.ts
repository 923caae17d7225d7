import type { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import type { LdirectordEvent, LdirectordReading } from '../../services/ldirectord/facts.ts'
import { inMaintenance } from '../../services/ldirectord/maintenance.ts'
import type { LvsReading, RealServer, VirtualService } from '../../services/lvs/facts.ts'
import { type Fault, faultsOf, happening, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import { type Gap, pauseText } from '../pause.ts'
import { hostConcern, type Ref } from '../ref.ts'
import { balancerConditions, isUnknownOf } from './conditions.ts'
import { didEvent } from './did.ts'
import type { BalancerRecord } from './record.ts'
import {
  addressOfService,
  amissOf,
  amissText,
  isSilent,
  type Serving,
  serviceAddresses,
  servingOf,
} from './serving.ts'

/** Milliseconds between a change of a weight and the log line that explains it, in either order. */
const explained = 3_000

/** What is known of the balancers. Pure bookkeeping, as the store. */
export class Balancers {
  #records: Map<string, BalancerRecord>
  /** of each balancer, and of all services together */
  readonly #told = new ToldConditions()
  /** by address of a service: who had it last */
  #held: ReadonlyMap<string, Held> = new Map()
  /** when a balancer was last seen to take or release an address; milliseconds since the epoch */
  movedAt = Number.NEGATIVE_INFINITY

  constructor(hosts: readonly string[]) {
    this.#records = new Map(hosts.map((host) => [host, { host, lastDid: new Map() }]))
  }

  get records(): readonly BalancerRecord[] {
    return [...this.#records.values()]
  }

  /** Takes a table; returns the events that ldirectord's log does not tell. */
  table(reading: LvsReading): FleetEvent[] {
    const before = this.#records.get(reading.host)
    if (!before) return []
    const { lvsTrouble: _, ...rest } = before
    if (!before.lvs) {
      this.#records.set(reading.host, { ...rest, lvs: reading })
      this.#held = heldNow(this.#held, reading, serviceAddresses(this.records))
      return this.#events(reading.host, reading.at)
    }
    const moved = differing(before.lvs.addresses, reading.addresses)
    if (moved.length) this.movedAt = reading.at
    const now = moved.map((one) => [one, reading.at] as const)
    const handed = moved.length ? { handed: new Map([...(before.handed ?? []), ...now]) } : {}
    const after = { ...rest, ...handed, lvs: reading }
    this.#records.set(reading.host, after)
    // This includes services that only the other balancer has in its table yet.
    const known = serviceAddresses(this.records)
    const ofServices = moved.filter((one) => known.has(one))
    const held = this.#held
    this.#held = heldNow(held, reading, known)
    return [
      ...addressEvents(reading, before.lvs, ofServices, held),
      ...this.#events(reading.host, reading.at),
      ...tableEvents(before.lvs, after),
    ]
  }

  /** The events of a balancer, and of the services of all balancers. */
  #events(host: string, now: number): FleetEvent[] {
    const servings = servingOf(this.records)
    return [...this.#ownEvents(host, servings, now), ...this.#amissEvents(servings, now)]
  }

  #ownEvents(host: string, servings: readonly Serving[], now: number): FleetEvent[] {
    const record = this.#records.get(host)
    if (!record) return []
    const isActive = servings.some(({ takers }) => takers.includes(record))
    const isUnknown = (what: string) => isUnknownOf(record, what)
    const faults = faultsOf(hostConcern(host), balancerConditions(record, isActive, now))
    return this.#told.events(host, faults, now, isUnknown)
  }

  /** That a service is not served, and that it is again. While the holder of an address is unknown, none of these ends. */
  #amissEvents(servings: readonly Serving[], now: number): FleetEvent[] {
    const isUnsure =
      this.records.some(isSilent) ||
      servings.some(({ id, takers, amiss }) => addressOfService(id) !== undefined && !takers.length && !amiss)
    const faults = amissOf(servings).map(({ amiss, concern: { about, host } }): Fault => {
      const text = amissText(amiss)
      const { over, types } = amiss
      // The text says what it is about.
      const concern = { about, host, name: label(host) }
      return { concern, condition: { severity: 'bad', what: text, text, over, types } }
    })
    return this.#told.events('services', faults, now, () => isUnsure)
  }

  state(reading: LdirectordReading): FleetEvent[] {
    const before = this.#records.get(reading.host)
    if (!before) return []
    const { ldirectordTrouble: _, ...rest } = before
    // Its maintenance file is gone: whether it fails is not known until ldirectord checks it again.
    const there = new Set(reading.maintenance)
    const gone = before.ldirectord?.maintenance.filter((file) => !there.has(file)) ?? []
    const wasKept = (key: string) => inMaintenance(gone, key.split(' ')[1] ?? '', reading.names).length > 0
    const freed = new Set(gone.length ? [...rest.lastDid.keys()].filter(wasKept) : [])
    const known = freed.size
      ? {
          lastDid: new Map([...rest.lastDid].filter(([key]) => !freed.has(key))),
          returning: new Set([...(rest.returning ?? []), ...freed]),
        }
      : {}
    this.#records.set(reading.host, { ...rest, ...known, ldirectord: reading })
    return [
      ...this.#ownEvents(reading.host, servingOf(this.records), reading.at),
      ...(before.ldirectord ? maintenanceEvents(before.ldirectord, reading) : []),
    ]
  }

  /** What ldirectord did before this console started: no events, but it explains why a server is out. */
  knew(host: string, events: readonly LdirectordEvent[]): void {
    for (const event of events) this.#note(host, event)
  }

  #note(host: string, event: LdirectordEvent): void {
    const before = this.#records.get(host)
    if (!before || !event.virtual || !event.real) return
    const key = `${event.virtual} ${event.real}`
    const lastDid = new Map(before.lastDid)
    // The newest comes last, so that the oldest is dropped first.
    lastDid.delete(key)
    lastDid.set(key, event)
    for (const oldest of lastDid.keys()) {
      if (lastDid.size <= limits.loggedReals) break
      lastDid.delete(oldest)
    }
    const returning = new Set([...(before.returning ?? [])].filter((one) => one !== key))
    this.#records.set(host, { ...before, lastDid, returning })
  }

  /** A line of ldirectord's log. */
  did(host: string, event: LdirectordEvent): FleetEvent[] {
    this.#note(host, event)
    const told = didEvent(host, event)
    return told ? [told] : []
  }

  failed(
    host: string,
    what: 'lvs' | 'ldirectord',
    { kind, reason, advice }: HostError,
    at: number,
  ): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const key = what === 'lvs' ? 'lvsTrouble' : 'ldirectordTrouble'
    const since = before[key]?.since ?? at
    this.#records.set(host, { ...before, [key]: { kind, reason, advice, since } })
    return before[key] ? [] : this.#ownEvents(host, servingOf(this.records), at)
  }
}

function tableEvents(before: LvsReading, { lvs, lastDid }: BalancerRecord): FleetEvent[] {
  if (!lvs) return []
  const { host, at } = lvs
  const old = new Map(before.services.map((service) => [service.id, service]))
  const changed = lvs.services.flatMap((service) => {
    const was = old.get(service.id)
    return was ? realEvents(was, service) : []
  })
  const isNews = ({ key }: Keyed) =>
    Math.abs(at - (lastDid.get(key)?.at ?? Number.NEGATIVE_INFINITY)) > explained
  return changed
    .filter(isNews)
    .map(({ about, type, text }): FleetEvent => ({ about, host, severity: 'info', type, text }))
}

interface Keyed {
  readonly key: string
  readonly about: Ref
  readonly type: EventType
  readonly text: Label
}

function realEvents(before: VirtualService, after: VirtualService): Keyed[] {
  const old = new Map(before.reals.map((real) => [real.id, real]))
  const now = new Map(after.reals.map((real) => [real.id, real]))
  const place = placeOf(after)
  const key = ({ id }: RealServer) => ({
    key: `${place} ${id}`,
    about: { kind: 'service', id: after.id } as const,
  })
  return [
    ...after.reals.flatMap((real): Keyed[] => {
      const was = old.get(real.id)
      if (!was)
        return [
          {
            ...key(real),
            type: 'frontend.added',
            text: say`${label(real.id)} added to ${label(place)}, weight ${real.weight}`,
          },
        ]
      if (was.weight === real.weight) return []
      return [
        {
          ...key(real),
          type: weightType(was.weight, real.weight),
          text: say`${label(real.id)} in ${label(place)}: weight ${was.weight} to ${real.weight}`,
        },
      ]
    }),
    ...before.reals
      .filter(({ id }) => !now.has(id))
      .map((real) => ({
        ...key(real),
        type: 'frontend.removed' as const,
        text: say`${label(real.id)} removed from ${label(place)}`,
      })),
  ]
}

/** From and to 0 nobody is sent there, or people are again. */
function weightType(was: number, is: number): EventType {
  return is === 0 ? 'frontend.out' : was === 0 ? 'frontend.in' : 'weight.changed'
}

/** The service as ldirectord's log names it. */
export function placeOf({ id }: { readonly id: string }): string {
  return id.slice(id.indexOf(' ') + 1)
}

function differing(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...[...a].filter((one) => !b.has(one)), ...[...b].filter((one) => !a.has(one))]
}

/** Who had an address last, and whether it gave it up since. */
interface Held extends Gap {
  readonly host: string
}

function heldNow(
  before: ReadonlyMap<string, Held>,
  { host, at, addresses }: LvsReading,
  known: ReadonlySet<string>,
): ReadonlyMap<string, Held> {
  return new Map(
    [...known].flatMap((address): [string, Held][] => {
      if (addresses.has(address)) return [[address, { host, lastAt: at }]]
      const held = before.get(address)
      if (!held) return []
      return [[address, held.host === host ? { goneAt: at, ...held } : held]]
    }),
  )
}

/** A failover, as seen from one side; who takes it knows for how long nobody had it. */
function addressEvents(
  { host, at, addresses }: LvsReading,
  { at: beforeAt, took = 0 }: LvsReading,
  moved: readonly string[],
  held: ReadonlyMap<string, Held>,
): FleetEvent[] {
  const sinceWhom = (address: string) => {
    const last = held.get(address)
    if (!last || (last.host === host && last.goneAt === undefined)) return say``
    const from = last.host === host ? say`again` : say`from ${label(last.host)}`
    // It did not have it itself when it was read before.
    const gap = last.goneAt === undefined ? last : { ...last, goneTill: beforeAt - took }
    return say` ${from}; nobody had it for ${pauseText(gap, at)}`
  }
  return moved.map((address) => {
    const isTaken = addresses.has(address)
    const text = isTaken
      ? say`has taken the address ${label(address)}${sinceWhom(address)}`
      : say`has given up the address ${label(address)}`
    const type = isTaken ? 'address.moved' : 'address.released'
    return { ...happening(hostConcern(host)), severity: 'warning', type, text }
  })
}

function maintenanceEvents(
  before: LdirectordReading,
  { host, maintenance }: LdirectordReading,
): FleetEvent[] {
  const [was, now] = [new Set(before.maintenance), new Set(maintenance)]
  const tell = (type: EventType, text: Label): FleetEvent => ({
    ...happening(hostConcern(host)),
    severity: 'info',
    type,
    text,
  })
  const begun = [...now].filter((one) => !was.has(one))
  const ended = [...was].filter((one) => !now.has(one))
  return [
    ...begun.map((one) => tell('maintenance.begun', say`maintenance begins: ${label(one)}`)),
    ...ended.map((one) => tell('maintenance.ended', say`maintenance ends: ${label(one)}`)),
  ]
}
