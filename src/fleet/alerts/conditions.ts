import { wallTime } from '../../hosts/clock.ts'
import { type Label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { FleetEvent } from '../event.ts'
import type { EventType } from '../event-types.ts'
import type { Concern, Ref } from '../ref.ts'
import type { Alert } from './alert.ts'

/** Something that is wrong. Alerts and events are both made of it, so that they never differ. */
export interface Condition {
  readonly severity: Alert['severity']
  /** identifies the fault: the same text as long as the same is wrong */
  readonly what: string
  readonly text: Label
  /** added to the text while it lasts, and changes by the second: `, for 14 s` */
  readonly lasting?: Label
  /** the text of the event when it has ended; none: it is a fault of the set-up, and no event tells of it */
  readonly over?: Label
  /** what its events are called: that it began, and that it ended; others may tell its end, too */
  readonly types?: readonly [begun: EventType, over: EventType, ...EventType[]]
  /** when it began, in milliseconds since the epoch; default: when it was first seen */
  readonly since?: number
  /** its event is dated by `since` and not by when it was seen: milliseconds by which that may be wrong */
  readonly datedWithin?: number
  readonly advice?: Label
  /** who works with what it is about is hit */
  readonly hits?: true
  /** the polled server that it tells of */
  readonly server?: FleetEvent['server']
}

/** Makes an alert of a condition. */
export function alertOf(concern: Concern, { text, lasting, advice, ...condition }: Condition): Alert {
  const { severity, what, since, hits, types } = condition
  return {
    ...concern,
    severity,
    what,
    text: lasting ? say`${text}${lasting}` : text,
    advice: advice ?? say``,
    ...(since === undefined ? {} : { since }),
    ...(hits ? { hits } : {}),
    ...(types ? { type: types[0], ends: types.slice(1) } : {}),
  }
}

/** A condition, and the object that it is about. */
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

/** Makes events of conditions: the differences between two looks. */
export class ToldConditions {
  /** by what was looked at, and there by `what` */
  readonly #standing = new Map<string, ReadonlyMap<string, Lasting>>()

  /** Forgets what was looked at under other names than these, and is not any more. */
  keep(names: ReadonlySet<string>): void {
    for (const name of this.#standing.keys()) if (!names.has(name)) this.#standing.delete(name)
  }

  /**
   * What began, became worse or ended since the last look.
   *
   * @param of what was looked at: a host, or something that several hosts tell together
   * @param isUnknown whether it is not known if this condition still holds: then it has neither begun nor ended
   */
  events(
    of: string,
    faults: readonly Fault[],
    now: number,
    isUnknown: (what: string, about: Ref) => boolean,
  ): FleetEvent[] {
    const before = this.#standing.get(of) ?? new Map<string, Lasting>()
    const kept = [...before].filter(([what, { concern }]) => isUnknown(what, concern.about))
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
        return over ? event(fault, 1, 'info', say`${over}, ${lastedText(now - since)}`) : []
      }),
      ...begun.flatMap((fault) => {
        const { over, severity, text } = fault.condition
        return over ? { ...event(fault, 0, severity, text), ...datedBy(fault.condition, now) } : []
      }),
    ]
  }
}

/** A condition that became worse is told once. That it became less bad is not told, since it may become worse again. */
function worse(known: Condition | undefined, now: Condition): Condition {
  return known?.severity === 'bad' ? { ...now, severity: 'bad' } : now
}

function event(
  { concern, condition }: Fault,
  which: 0 | 1,
  severity: FleetEvent['severity'],
  text: Label,
): FleetEvent {
  const { server, types } = condition
  const type = types ? { type: types[which] } : {}
  return { ...happening(concern), severity, text, ...type, ...(server ? { server } : {}) }
}

/** Events have the time of day. */
function datedBy({ since, datedWithin }: Condition, now: number): Pick<FleetEvent, 'at' | 'uncertainty'> {
  if (since === undefined || datedWithin === undefined) return {}
  return { at: wallTime(now) - (now - since), uncertainty: datedWithin }
}

/** The object of an event. The name is left out where it is that of the host. */
export function happening({ about, host, name }: Concern): Pick<FleetEvent, 'about' | 'host' | 'name'> {
  return { about, host, ...(name === host ? {} : { name }) }
}

/** `after 14 s`; what is looked at each second is known no better than to one. */
function lastedText(milliseconds: number): Label {
  return milliseconds < 1_000 ? say`within a second` : say`after ${duration(milliseconds)}`
}
