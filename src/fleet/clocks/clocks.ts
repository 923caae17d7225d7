import { clock } from '../../hosts/clock.ts'
import { defined } from '../../hosts/defined.ts'
import type { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { ClockSample } from '../../services/logs/facts.ts'
import { exactly } from '../../text/duration.ts'
import { faultsOf, ToldConditions } from '../alerts/conditions.ts'
import type { FleetEvent } from '../event.ts'
import { hostConcern } from '../ref.ts'
import { clockConditions } from './conditions.ts'
import type { ClockReading, ClockRecord } from './record.ts'

/** The clock of a host is ahead by no less than `low` and no more than `high`, as known at `at`; all in milliseconds. */
interface Bounds {
  readonly low: number
  readonly high: number
  readonly at: number
  /** which setting of the console's own clock they are held against */
  readonly setting: number
}

/** What two clocks part in each millisecond, at most: a kernel slews its clock by so much to set it right (adjtimex(2)), and quartzes are ten times better. */
const drift = 0.0005
/** Milliseconds: a clock that is set by less is no news; a time server does that now and then. */
const step = 1_000

/**
 * How far the clocks of the hosts are from the console's. Each sample bounds it, and so do all before, widened by what the clocks may have parted since: what
 * all agree on is closer than what any of them tells. A clock of which they do not agree was set.
 */
export class Clocks {
  readonly #records: Map<string, ClockRecord>
  readonly #bounds = new Map<string, Bounds>()
  readonly #told = new ToldConditions()
  readonly #setting: () => number

  /** @param setting how often the console's own clock was set; default: as far as was seen */
  constructor(hosts: readonly string[], setting: () => number = () => clock.settings) {
    this.#records = new Map(hosts.map((host) => [host, { host }]))
    this.#setting = setting
  }

  get records(): readonly ClockRecord[] {
    return [...this.#records.values()]
  }

  sample({ host, at, offset, uncertainty }: ClockSample): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const told = { low: offset - uncertainty, high: offset + uncertainty, at, setting: this.#setting() }
    const { bounds, by } = joined(this.#bounds.get(host), told)
    this.#bounds.set(host, bounds)
    const isSet = by !== undefined && Math.abs(by) >= step
    const set = isSet ? { by, at } : before.set
    this.#records.set(host, { host, reading: readingOf(bounds), ...defined({ set }) })
    const events = isSet ? [setEvent(host, by)] : []
    return [...events, ...this.#events(host, at)]
  }

  failed(host: string, { kind, reason, advice }: HostError, at: number): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const since = before.trouble?.since ?? at
    this.#records.set(host, { ...before, trouble: { kind, reason, advice, since } })
    return []
  }

  /**
   * A time by the clock of a host, by the console's; as far as it is known, and `uncertainty` with what is not known of the clock.
   *
   * @returns undefined: nothing is known of its clock
   */
  here(host: string, at: number, uncertainty = 0): { at: number; uncertainty: number } | undefined {
    const bounds = this.#bounds.get(host)
    if (!bounds) return undefined
    const { low, high } = bounds
    // A clock that may be right is taken for right: what two consoles measured of it differs, and what a log tells is the same for both.
    const offset = low <= 0 && high >= 0 ? 0 : (low + high) / 2
    return { at: at - offset, uncertainty: uncertainty + Math.max(high - offset, offset - low) }
  }

  #events(host: string, now: number): FleetEvent[] {
    const record = this.#records.get(host)
    if (!record) return []
    return this.#told.events(host, faultsOf(hostConcern(host), clockConditions(record)), now, () => false)
  }
}

/** What is known with one sample more; `by`: milliseconds by which the clock was set since. */
function joined(before: Bounds | undefined, told: Bounds): { bounds: Bounds; by?: number } {
  if (!before || before.setting !== told.setting) return { bounds: told }
  const parted = Math.max(0, told.at - before.at) * drift
  const [earliest, latest] = [before.low - parted, before.high + parted]
  const [low, high] = [Math.max(told.low, earliest), Math.min(told.high, latest)]
  if (low <= high) return { bounds: { ...told, low, high } }
  return { bounds: told, by: (told.low + told.high) / 2 - (earliest + latest) / 2 }
}

function readingOf({ low, high, at }: Bounds): ClockReading {
  return { at, offset: (low + high) / 2, uncertainty: (high - low) / 2 }
}

function setEvent(host: string, by: number): FleetEvent {
  const { about } = hostConcern(host)
  const how = by < 0 ? say`back` : say`forward`
  return {
    severity: 'warning',
    about,
    host,
    type: 'clock.set',
    text: say`its clock was set ${how} by ${exactly(Math.abs(by))}`,
  }
}
