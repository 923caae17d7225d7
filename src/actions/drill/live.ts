import type { DrillRecord, Second } from '../../fleet/drill/record.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import type { Heard } from '../../fleet/load/run.ts'
import { Tally } from '../../fleet/load/tally.ts'
import { wallTime } from '../../hosts/clock.ts'
import { whyOf } from '../../hosts/host.ts'
import { type Label, label } from '../../hosts/label.ts'
import type { Drill } from './kind.ts'
import { resultOf, type Seen } from './result.ts'

/** Seconds of load that are kept to be shown. */
const mostSeconds = 300

/** What a drill is told of beside what is broken. */
export interface Held {
  readonly seconds: number
  readonly connections: number
  /** requests a second */
  readonly rate: number
  readonly who: Label
}

/** A drill as it goes on, for whoever looks: each second it tells how the load came out, and what was seen so far. */
export class Live implements Heard {
  readonly id: string
  readonly #drill: Drill
  readonly #fleet: Fleet
  readonly #timer: NodeJS.Timeout
  #second = new Tally()
  #perSecond: readonly Second[] = []
  #seen: (() => Seen) | undefined

  constructor(drill: Drill, fleet: Fleet, { seconds, connections, rate, who }: Held) {
    this.#drill = drill
    this.#fleet = fleet
    const { name, kind, host, breaking, target } = drill
    const { title, past, back, isSilent } = breaking
    this.id = fleet.drilling.begin({
      name,
      kind,
      host,
      breaking: { title, past, back, ...(isSilent ? { isSilent } : {}) },
      who,
      seconds,
      began: wallTime(fleet.now()),
      phase: 'before',
      perSecond: [],
      ...(target ? { load: { virtual: target.service.name, connections, rate } } : {}),
    })
    this.#timer = setInterval(() => this.#tick(), 1_000)
  }

  due(count: number): void {
    this.#second.due(count)
  }

  outcome(outcome: Parameters<Heard['outcome']>[0]): void {
    this.#second.add(outcome)
  }

  /** It is another step further; from now on this is what was seen. */
  reached(phase: DrillRecord['phase'], seen: () => Seen): void {
    this.#seen = seen
    this.#change({ phase })
  }

  /** It is over; or, with an error, it was given up. */
  end(error?: unknown): void {
    clearInterval(this.#timer)
    this.#change(error === undefined ? { phase: 'over' } : { phase: 'ended', why: label(whyOf(error)) })
  }

  #tick(): void {
    if (this.#drill.target) {
      const second = { at: wallTime(this.#fleet.now()), count: this.#second.count }
      this.#second = new Tally()
      this.#perSecond = [...this.#perSecond, second].slice(-mostSeconds)
    }
    this.#change({})
  }

  #change(change: Partial<DrillRecord>): void {
    const serving = this.#drill.sight.serving(this.#fleet.snapshot())
    const result = this.#seen && resultOf(this.#seen())
    this.#fleet.drilling.change(this.id, {
      ...change,
      serving,
      perSecond: this.#perSecond,
      ...(result ? { result } : {}),
    })
  }
}
