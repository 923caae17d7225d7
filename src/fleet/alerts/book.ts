import { wallTime } from '../../hosts/clock.ts'
import { say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import type { FleetEvent } from '../event.ts'
import type { Acknowledgement, Beginning, Journal } from '../journal/journal.ts'
import { type Alert, alertId } from './alert.ts'
import { happening } from './conditions.ts'
import { sinceWhen } from './since.ts'

/** An alert with its beginning and its acknowledgement. */
export interface StandingAlert extends Alert {
  /** the same as long as the same is wrong with the same object (`alertId`) */
  readonly id: string
  /** when it began; milliseconds since the epoch */
  readonly since: number
  /** it was there when this console started, and the journal does not know its beginning */
  readonly orEarlier?: true
  readonly acknowledged?: Acknowledgement
}

/** A measured value may flicker about its threshold: milliseconds that it must last to be told, and must be gone to be over. */
const measured = { lasts: 10_000, gone: 20_000 } as const
/** Milliseconds for which an alert that is over is remembered: one that comes back within them is the same alert, with its acknowledgement. */
const remembered = 60_000

/** Milliseconds after the start in which hosts answer for the first time: an alert that comes up then may be old. */
const starting = 20_000

interface Known extends Beginning {
  readonly alert: Alert
  readonly seenAt: number
  /** it came up at the start: its beginning is not known */
  readonly isOld: boolean
  /** the severity in which this book has told it to the journal */
  readonly toldAs?: Alert['severity']
}

/** Keeps alerts from one look to the next: their beginning, whether they were told, and their acknowledgement. */
export class AlertBook {
  readonly #journal: Journal
  readonly #startedAt: number
  readonly #witness: boolean
  #known = new Map<string, Known>()
  /** when alerts were last noted */
  #notedAt = Number.NaN
  /** the version of the journal by which beginnings are dated */
  #readUpTo = -1

  /** @param witness whether beginnings are written to the journal, for a console that comes later */
  constructor(journal: Journal, now: number, witness = true) {
    this.#journal = journal
    this.#startedAt = now
    this.#witness = witness
  }

  /**
   * Takes the present alerts; returns events for measured values, which have no events of their own. An old acknowledgement does not count
   * for an alert that began while this console watched, or that was gone for long.
   */
  note(alerts: readonly Alert[], now: number): FleetEvent[] {
    const events: FleetEvent[] = []
    for (const [id, alert] of withIds(alerts)) {
      const known = this.#known.get(id)
      const next = this.#next(id, alert, now)
      const isDated = known?.since !== next.since || known.orEarlier !== next.orEarlier
      if (isDated && this.#witness) this.#journal.began(id, { ...next, since: wallTime(next.since) })
      const isNews =
        alert.isMeasured && (next.isOld || now - next.since >= measured.lasts) && isWorse(alert, next)
      if (isNews) events.push(eventOf(alert))
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
    this.#readUpTo = this.#journal.version
    return events
  }

  #next(id: string, alert: Alert, now: number): Known {
    const known = this.#known.get(id)
    if (!known || !this.#isSame(known, alert)) return { ...this.#begun(id, alert, now), alert, seenAt: now }
    const { orEarlier: _, ...rest } = known
    return { ...rest, ...this.#dated(id, known, alert, now), alert, seenAt: now }
  }

  /** It has not been gone since the last look; a measured value may have been for a moment. */
  #isSame({ seenAt }: Known, alert: Alert): boolean {
    return alert.isMeasured || seenAt === this.#notedAt
  }

  /** The journal may know the beginning of what was there when this console started. */
  #begun(id: string, alert: Alert, now: number): Beginning & Pick<Known, 'isOld'> {
    const since = alert.since ?? now
    const isOld = since - this.#startedAt <= starting
    if (!isOld) return { since, isOld }
    return { ...this.#sinceWhen(id, alert, since, now), isOld }
  }

  /** Its beginning, which a log may have told meanwhile. */
  #dated(id: string, known: Known, alert: Alert, now: number): Beginning {
    const since = Math.min(known.since, alert.since ?? known.since)
    const isFresh = known.orEarlier || now - since <= remembered
    if (isFresh && this.#readUpTo !== this.#journal.version) {
      const told = this.#sinceWhen(id, alert, since, now)
      if (!told.orEarlier) return told
    }
    return known.orEarlier ? { since, orEarlier: true } : { since }
  }

  /** The journal uses the time of day. */
  #sinceWhen(id: string, alert: Alert, seen: number, now: number): Beginning {
    const ofDay = wallTime(now) - now
    const times = { seen: seen + ofDay, startedAt: this.#startedAt + ofDay }
    const begun = sinceWhen(this.#journal, id, alert, times)
    return { ...begun, since: begun.since - ofDay }
  }

  /** It was acknowledged before this console started, when it was another alert. */
  #isEarlier(id: string, alert: Alert): boolean {
    return (this.#acknowledged(id, alert)?.at ?? Number.POSITIVE_INFINITY) < this.#startedAt
  }

  /** The alerts to show: unacknowledged ones first, the worst on top. */
  standing(alerts: readonly Alert[], now: number): StandingAlert[] {
    const present = withIds(alerts)
    const ids = new Set([...present.keys(), ...this.#known.keys()])
    const standing = [...ids].flatMap((id) => this.#told(id, present.get(id), now) ?? [])
    return standing.sort((a, b) => rank(a) - rank(b))
  }

  /** The acknowledgement of a warning does not count once it has become a fault. */
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

function eventOf({ severity, text, type, ...concern }: Alert): FleetEvent {
  return { ...happening(concern), severity, text, ...(type ? { type } : {}) }
}

/** The key of an acknowledgement in the journal. */
export function keyOf(id: string, severity: Alert['severity']): string {
  return `${id} ${severity}`
}

/** All keys that it may have. */
export function keysOf(id: string): string[] {
  return [keyOf(id, 'bad'), keyOf(id, 'warning')]
}

function isWorse({ severity }: Alert, { toldAs }: Known): boolean {
  return toldAs === undefined || (toldAs === 'warning' && severity === 'bad')
}

/** Incidents first: they say what the others have in common. */
function rank({ severity, acknowledged, about }: StandingAlert): number {
  if (acknowledged) return 3
  return about.kind === 'incident' ? 0 : severity === 'bad' ? 1 : 2
}

/** Alerts by id; two with the same id are one. */
function withIds(alerts: readonly Alert[]): Map<string, Alert> {
  return new Map(alerts.map((alert) => [alertId(alert), alert]))
}
