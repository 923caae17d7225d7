import { wallTime } from '../../hosts/clock.ts'
import { say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { FleetEvent } from '../event.ts'
import type { Acknowledgement, Beginning, Journal } from '../journal/journal.ts'
import { type Alert, alertId } from './alert.ts'
import { happening } from './conditions.ts'

/** An alert with how long it has been there, and who has seen it. */
export interface StandingAlert extends Alert {
  /** the same as long as the same is wrong with the same object */
  readonly id: string
  /** when it began; milliseconds since the epoch */
  readonly since: number
  /** it was there when this console began to look, and the journal does not know since when */
  readonly orEarlier?: true
  readonly acknowledged?: Acknowledgement
}

/** What is measured and may flicker about a threshold: milliseconds that it has to last until it is told, and to be away until it is over. */
const measured = { lasts: 10_000, gone: 20_000 } as const
/** Milliseconds for which an alert that is over is remembered: what comes back until then is the same one, acknowledged as it was. */
const remembered = 60_000

/** Milliseconds after the start in which hosts answer for the first time: what comes up then may have been there for long. */
const starting = 20_000

interface Known extends Beginning {
  readonly alert: Alert
  readonly seenAt: number
  /** it came up at the start: how long it has lasted is not known */
  readonly isOld: boolean
  /** as what it stands in the journal, of what nobody else writes there */
  readonly toldAs?: Alert['severity']
}

/** Keeps alerts from one look to the next: since when, told or not yet, acknowledged or not. */
export class AlertBook {
  readonly #journal: Journal
  readonly #startedAt: number
  readonly #witness: boolean
  #known = new Map<string, Known>()
  /** when it was last noted what is wrong */
  #notedAt = Number.NaN

  /** @param witness whether beginnings are written to the journal, for a console that comes later */
  constructor(journal: Journal, now: number, witness = true) {
    this.#journal = journal
    this.#startedAt = now
    this.#witness = witness
  }

  /** Takes what is wrong now; returns what of it is news to the journal: what is measured, and no event of its own. What began under its eyes, or has been away for long, is not what somebody acknowledged once. */
  note(alerts: readonly Alert[], now: number): FleetEvent[] {
    const events: FleetEvent[] = []
    for (const [id, alert] of withIds(alerts)) {
      const known = this.#known.get(id)
      const next: Known =
        known && this.#isSame(known, alert)
          ? { ...known, alert, seenAt: now, since: Math.min(known.since, alert.since ?? known.since) }
          : { ...this.#begun(id, alert, now), alert, seenAt: now }
      if (known?.since !== next.since && this.#witness)
        this.#journal.began(id, { ...next, since: wallTime(next.since) })
      const isNews =
        alert.isMeasured && (next.isOld || now - next.since >= measured.lasts) && isWorse(alert, next)
      if (isNews) events.push({ ...happening(alert), severity: alert.severity, text: alert.text })
      this.#known.set(id, isNews ? { ...next, toldAs: alert.severity } : next)
      const isLater = now - this.#startedAt > remembered
      if (!known && isLater && this.#isEarlier(id, alert)) this.#forget(id)
    }
    for (const [id, { seenAt }] of this.#known)
      if (now - seenAt > remembered) {
        this.#known.delete(id)
        this.#forget(id)
        if (this.#witness) this.#journal.forgetBeginning(id)
      }
    this.#notedAt = now
    return events
  }

  /** It has not been away in between; what is measured may have been for a moment. */
  #isSame({ seenAt }: Known, alert: Alert): boolean {
    return alert.isMeasured || seenAt === this.#notedAt
  }

  /** Of what was there when this console began to look the journal may know since when. */
  #begun(id: string, alert: Alert, now: number): Beginning & Pick<Known, 'isOld'> {
    const since = alert.since ?? now
    const isOld = since - this.#startedAt <= starting
    if (!isOld) return { since, isOld }
    const kept = this.#journal.beginningOf(id)
    // The journal has the time of day.
    return kept
      ? { ...kept, since: kept.since - (wallTime(now) - now), isOld }
      : { since, orEarlier: true, isOld }
  }

  /** Acknowledged before this console was there, when it was another alert. */
  #isEarlier(id: string, alert: Alert): boolean {
    return (this.#acknowledged(id, alert)?.at ?? Number.POSITIVE_INFINITY) < this.#startedAt
  }

  /** What is to be told of what is wrong now: what nobody has acknowledged first, the worst on top. */
  standing(alerts: readonly Alert[], now: number): StandingAlert[] {
    const present = withIds(alerts)
    const ids = new Set([...present.keys(), ...this.#known.keys()])
    const standing = [...ids].flatMap((id) => this.#told(id, present.get(id), now) ?? [])
    return standing.sort((a, b) => rank(a) - rank(b))
  }

  /** What was acknowledged as a warning rings again when it has become a fault. */
  #acknowledged(id: string, { severity }: Alert): Acknowledgement | undefined {
    const { acknowledgements } = this.#journal
    return acknowledgements.get(keyOf(id, 'bad')) ?? acknowledgements.get(keyOf(id, severity))
  }

  #forget(id: string): void {
    for (const key of keysOf(id)) this.#journal.forgetAcknowledgement(key)
  }

  #told(id: string, present: Alert | undefined, now: number): StandingAlert | undefined {
    const known = this.#known.get(id)
    const alert = present ?? known?.alert
    if (!alert) return undefined
    const { since, isOld, orEarlier } =
      known && (!present || this.#isSame(known, present)) ? known : this.#begun(id, alert, now)
    const { lasts, gone } = alert.isMeasured ? measured : { lasts: 0, gone: 0 }
    const away = present ? 0 : now - (known?.seenAt ?? now)
    if ((now - since < lasts && !isOld) || (!present && away >= gone)) return undefined
    const acknowledged = this.#acknowledged(id, alert)
    const text = away ? say`${alert.text} (${duration(away)} ago)` : alert.text
    return {
      ...alert,
      text,
      id,
      since,
      ...(orEarlier ? { orEarlier } : {}),
      ...(acknowledged ? { acknowledged } : {}),
    }
  }
}

/** By what an acknowledgement is kept in the journal. */
export function keyOf(id: string, severity: Alert['severity']): string {
  return `${id} ${severity}`
}

/** All by which it may be kept. */
export function keysOf(id: string): string[] {
  return [keyOf(id, 'bad'), keyOf(id, 'warning')]
}

function isWorse({ severity }: Alert, { toldAs }: Known): boolean {
  return toldAs === undefined || (toldAs === 'warning' && severity === 'bad')
}

function rank({ severity, acknowledged }: StandingAlert): number {
  return acknowledged ? 2 : severity === 'bad' ? 0 : 1
}

/** Two at once that are the same in every way are one. */
function withIds(alerts: readonly Alert[]): Map<string, Alert> {
  return new Map(alerts.map((alert) => [alertId(alert), alert]))
}
