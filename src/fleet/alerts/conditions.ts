import { type Label, label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { FleetEvent } from '../event.ts'
import type { Alert } from './alert.ts'

/** Something that is wrong with a server of a host. Alerts and events are both made of it, so that they never differ. */
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
  /** the host of which it is told; default: the one that was looked at */
  readonly host?: string
}

/** The alert that a condition is. */
export function alertOf(host: string, { text, lasting, advice, ...condition }: Condition): Alert {
  const { severity, what, since } = condition
  return {
    severity,
    what,
    host,
    name: label(host),
    text: lasting ? say`${text}${lasting}` : text,
    advice: advice ?? say``,
    ...(since === undefined ? {} : { since }),
  }
}

interface Standing {
  readonly condition: Condition
  readonly since: number
}

/** What was told of conditions: an event is the difference between two looks. */
export class Told {
  /** by host, and there by what it is */
  readonly #standing = new Map<string, ReadonlyMap<string, Standing>>()

  /**
   * What began, became worse or ended since the last look at this host.
   *
   * @param isUnknown of what it cannot be said now whether it lasts: it has neither begun nor ended
   */
  events(
    host: string,
    conditions: readonly Condition[],
    now: number,
    isUnknown: (what: string) => boolean,
  ): FleetEvent[] {
    const before = this.#standing.get(host) ?? new Map<string, Standing>()
    const kept = [...before].filter(([what]) => isUnknown(what))
    const present = conditions.map((condition): [string, Standing] => {
      const since = before.get(condition.what)?.since ?? condition.since ?? now
      return [condition.what, { since, condition: worse(before.get(condition.what)?.condition, condition) }]
    })
    const after = new Map([...kept, ...present])
    this.#standing.set(host, after)
    const begun = conditions.filter(({ what, severity }) => {
      const known = before.get(what)?.condition.severity
      return known === undefined || (known === 'warning' && severity === 'bad')
    })
    const ended = [...before.values()].filter(({ condition }) => !after.has(condition.what))
    return [
      ...ended.flatMap(({ condition, since }) => {
        const { over } = condition
        return over ? event(host, condition, 'info', say`${over}, after ${duration(now - since)}`) : []
      }),
      ...begun.flatMap((one) => (one.over ? event(host, one, one.severity, one.text) : [])),
    ]
  }
}

/** It is told once that it became worse, and not that it became less bad: it may again. */
function worse(known: Condition | undefined, now: Condition): Condition {
  return known?.severity === 'bad' ? { ...now, severity: 'bad' } : now
}

function event(
  host: string,
  { server, host: own = host }: Condition,
  severity: FleetEvent['severity'],
  text: Label,
): FleetEvent {
  return { host: own, severity, text, ...(server ? { server } : {}) }
}
