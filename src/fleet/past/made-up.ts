import type { Label } from '../../hosts/label.ts'
import type { MachineRecord } from '../machine/record.ts'
import type { PastMoment } from './moment.ts'
import type { Found, LookBack, Taken } from './past.ts'

const minute = 60_000
/** Minutes before the first one that was kept: what has happened in the demo was earlier (demo/past.ts). */
const made = 110

/**
 * What the demo lets look back at: what it kept itself, and before that minutes that are made of the first one when somebody looks at
 * them.
 */
export class MadeUpPast implements LookBack {
  readonly #kept: LookBack
  readonly #take: () => PastMoment
  #first: PastMoment | undefined

  /** @param take how it is now */
  constructor(kept: LookBack, take: () => PastMoment) {
    this.#kept = kept
    this.#take = take
  }

  get trouble(): Label | undefined {
    return this.#kept.trouble
  }

  note(now: number, incident: string | undefined, take: () => Taken): void {
    this.#kept.note(now, incident, take)
  }

  before(at: number, orAt = false): Found {
    const kept = this.#kept.before(at, orAt)
    if (kept.moment) return kept
    const { at: first } = this.#oldest()
    const back = (first - at) / minute
    const by = Math.max(1, orAt ? Math.ceil(back) : Math.floor(back) + 1)
    return by > made ? {} : { moment: this.#made(by) }
  }

  after(at: number, orAt = false): Found {
    const { at: first } = this.#oldest()
    const back = (first - at) / minute
    const by = Math.min(made, orAt ? Math.floor(back) : Math.ceil(back) - 1)
    return by >= 1 ? { moment: this.#made(by) } : this.#kept.after(at, orAt)
  }

  /** That of which the others are made stays the same. */
  #oldest(): PastMoment {
    this.#first ??= this.#kept.after(0, true).moment ?? this.#take()
    return this.#first
  }

  /** So many minutes before the first: what was seen then was seen earlier, and what began later was not there. */
  #made(by: number): PastMoment {
    const first = this.#oldest()
    const now = first.now - by * minute
    const earlier = <T>(value: T): T => shifted(value, by * minute, now) as T
    const { snapshot, alerts } = first
    const { seenAt, machines, ...facts } = snapshot
    return {
      at: first.at - by * minute,
      now,
      snapshot: {
        ...earlier(facts),
        machines: earlier(machines).map((one, i) => busy(one, by, i)),
        seenAt: new Map([...seenAt].map(([host, at]) => [host, at - by * minute])),
      },
      alerts: earlier(alerts),
    }
  }

  close(): void {
    this.#kept.close()
  }
}

/** When it was read moves with the time; of what has a beginning that beginning stays, but that nothing begins in the future. */
function shifted(value: unknown, by: number, now: number, name = ''): unknown {
  if (typeof value === 'number') {
    const isTime = Math.abs(value - now) < 400 * 86_400_000
    if (!isTime) return value
    return name === 'at' ? value - by : Math.min(value, now)
  }
  if (Array.isArray(value)) return value.map((one) => shifted(one, by, now))
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, shifted(one, by, now)]))
  if (value instanceof Set || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shifted(one, by, now, key)]))
}

/** Each minute machines do something else. */
function busy(machine: MachineRecord, minutes: number, i: number): MachineRecord {
  const { cpuPercent } = machine
  if (cpuPercent === undefined) return machine
  return { ...machine, cpuPercent: cpuPercent * (1 + 0.4 * Math.sin(minutes * 1.7 + i * 2.3)) }
}
