import type { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { limits } from '../../hosts/limits.ts'
import type { LdirectordEvent, LdirectordReading } from '../../services/ldirectord/facts.ts'
import { inMaintenance } from '../../services/ldirectord/maintenance.ts'
import type { LvsReading } from '../../services/lvs/facts.ts'
import { type Fault, faultsOf, happening, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import { hostConcern } from '../ref.ts'
import { balancerConditions, isUnknownOf } from './conditions.ts'
import { didEvent, withDone } from './did.ts'
import { addressEvents, type Held, heldNow } from './holders.ts'
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
import { tableEvents } from './table-events.ts'

/** What is known of the balancers. Pure bookkeeping, as the store. */
export class Balancers {
  #records: Map<string, BalancerRecord>
  /** by balancer: lines of ldirectord's log that its record does not have yet */
  readonly #lines = new Map<string, LdirectordEvent[]>()
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
    return [...this.#records.keys()].flatMap((host) => this.#record(host) ?? [])
  }

  /** A balancer with all that its log has told: thousands of lines may come at once, and are taken in together. */
  #record(host: string): BalancerRecord | undefined {
    const before = this.#records.get(host)
    const lines = this.#lines.get(host)
    if (!before || !lines) return before
    this.#lines.delete(host)
    const after = withDone(before, lines)
    this.#records.set(host, after)
    return after
  }

  /** Takes a table; returns the events that ldirectord's log does not tell. */
  table(reading: LvsReading): FleetEvent[] {
    const before = this.#record(reading.host)
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
    const record = this.#record(host)
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
    const before = this.#record(reading.host)
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
    if (!event.virtual || !event.real || !this.#records.has(host)) return
    const lines = this.#lines.get(host) ?? []
    lines.push(event)
    this.#lines.set(host, lines)
    if (lines.length >= limits.loggedReals) this.#record(host)
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
    const before = this.#record(host)
    if (!before) return []
    const key = what === 'lvs' ? 'lvsTrouble' : 'ldirectordTrouble'
    const since = before[key]?.since ?? at
    this.#records.set(host, { ...before, [key]: { kind, reason, advice, since } })
    return before[key] ? [] : this.#ownEvents(host, servingOf(this.records), at)
  }
}

function differing(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...[...a].filter((one) => !b.has(one)), ...[...b].filter((one) => !a.has(one))]
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
