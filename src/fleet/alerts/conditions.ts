import { type Label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { FleetEvent } from '../event.ts'
import type { Concern } from '../ref.ts'
import type { Alert } from './alert.ts'

/** Something that is wrong. Alerts and events are both made of it, so that they never differ. */
export interface Condition {
  readonly severity: Alert['severity']
  /** in a word of the program's: the same as long as the same is wrong */
  readonly what: string
  readonly text: Label
  /** what is added as long as it lasts, which changes by the second: `, for 14 s` */
  readonly lasting?: Label
  /** what is said when it has ended; none: it is a lack of the set-up, and no event */
  readonly over?: Label
  /** milliseconds since the epoch when it began; none: when it was first seen */
  readonly since?: number
  readonly advice?: Label
  /** the server that comes and goes with it */
  readonly server?: FleetEvent['server']
}

/** The alert that a condition is. */
export function alertOf(concern: Concern, { text, lasting, advice, ...condition }: Condition): Alert {
  const { severity, what, since } = condition
  return {
    ...concern,
    severity,
    what,
    text: lasting ? say`${text}${lasting}` : text,
    advice: advice ?? say``,
    ...(since === undefined ? {} : { since }),
  }
}

/** A condition, and of what it is one. */
export interface Fault {
  readonly concern: Concern
  readonly condition: Condition
}

interface Lasting extends Fault {
  readonly since: number
}

/** All that is wrong with one object. */
export function faultsOf(concern: Concern, conditions: readonly Condition[]): Fault[] {
  return conditions.map((condition) => ({ concern, condition }))
}

/** What was told of conditions: an event is the difference between two looks. */
export class ToldConditions {
  /** by who was looked at, and there by what it is */
  readonly #standing = new Map<string, ReadonlyMap<string, Lasting>>()

  /**
   * What began, became worse or ended since the last look.
   *
   * @param of what was looked at: a host, or what several tell together
   * @param isUnknown of what it cannot be said now whether it lasts: it has neither begun nor ended
   */
  events(
    of: string,
    faults: readonly Fault[],
    now: number,
    isUnknown: (what: string) => boolean,
  ): FleetEvent[] {
    const before = this.#standing.get(of) ?? new Map<string, Lasting>()
    const kept = [...before].filter(([what]) => isUnknown(what))
    const present = faults.map(({ concern, condition }): [string, Lasting] => {
      const known = before.get(condition.what)
      const since = known?.since ?? condition.since ?? now
      return [condition.what, { concern, since, condition: worse(known?.condition, condition) }]
    })
    const after = new Map([...kept, ...present])
    this.#standing.set(of, after)
    const begun = faults.filter(({ condition: { what, severity } }) => {
      const known = before.get(what)?.condition.severity
      return known === undefined || (known === 'warning' && severity === 'bad')
    })
    const ended = [...before.values()].filter(({ condition }) => !after.has(condition.what))
    return [
      ...ended.flatMap(({ since, ...fault }) => {
        const { over } = fault.condition
        return over ? event(fault, 'info', say`${over}, after ${duration(now - since)}`) : []
      }),
      ...begun.flatMap((fault) => {
        const { over, severity, text } = fault.condition
        return over ? event(fault, severity, text) : []
      }),
    ]
  }
}

/** It is told once that it became worse, and not that it became less bad: it may again. */
function worse(known: Condition | undefined, now: Condition): Condition {
  return known?.severity === 'bad' ? { ...now, severity: 'bad' } : now
}

function event({ concern, condition }: Fault, severity: FleetEvent['severity'], text: Label): FleetEvent {
  const { server } = condition
  return { ...happening(concern), severity, text, ...(server ? { server } : {}) }
}

/** Where a host is told of, its name is not said twice. */
export function happening({ about, host, name }: Concern): Pick<FleetEvent, 'about' | 'host' | 'name'> {
  return { about, host, ...(name === host ? {} : { name }) }
}
