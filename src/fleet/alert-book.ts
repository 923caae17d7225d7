import { say } from '../hosts/label.ts'
import type { Alert } from './alerts.ts'
import { duration } from './duration.ts'
import type { Acknowledgement, Journal } from './journal.ts'

/** An alert with how long it has been there, and who has seen it. */
export interface StandingAlert extends Alert {
  /** the same as long as the same is wrong with the same object */
  readonly id: string
  /** milliseconds since the epoch */
  readonly since: number
  readonly acknowledged?: Acknowledgement
}

/** What is measured and may flicker about a threshold: milliseconds that it has to last until it is told, and to be away until it is over. */
const measured = { lasts: 10_000, gone: 20_000 } as const
const isMeasured = ({ what }: Alert) => what.startsWith('descriptors ')
/** Milliseconds for which an alert that is over is remembered: what comes back until then is the same one, acknowledged as it was. */
const remembered = 60_000

interface Known {
  readonly alert: Alert
  readonly since: number
  readonly seenAt: number
  /** it was there when somebody first looked: how long it has lasted is not known */
  readonly isOld: boolean
}

/** Keeps alerts from one look to the next: since when, told or not yet, acknowledged or not. */
export class AlertBook {
  readonly #journal: Journal
  #known = new Map<string, Known>()
  #hasLooked = false

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Takes what is wrong now; returns what is to be told: those that nobody has acknowledged first, the worst on top. */
  update(alerts: readonly Alert[], now: number): StandingAlert[] {
    const isFirst = !this.#hasLooked
    this.#hasLooked = true
    const present = withIds(alerts)
    for (const [id, alert] of present) {
      const known = this.#known.get(id)
      this.#known.set(id, {
        alert,
        since: known?.since ?? now,
        seenAt: now,
        isOld: known?.isOld ?? isFirst,
      })
      // Of an earlier one, unless that has gone on while nobody looked.
      if (!known && !isFirst) this.#journal.forgetAcknowledgement(id)
    }
    for (const [id, { seenAt }] of this.#known) if (now - seenAt > remembered) this.#forget(id)
    const ids = new Set([...present.keys(), ...this.#known.keys()])
    const standing = [...ids].flatMap((id) => this.#standing(id, now) ?? [])
    return standing.sort((a, b) => rank(a) - rank(b))
  }

  #standing(id: string, now: number): StandingAlert | undefined {
    const known = this.#known.get(id)
    if (!known) return undefined
    const { alert, since, seenAt, isOld } = known
    const { lasts, gone } = isMeasured(alert) ? measured : { lasts: 0, gone: 0 }
    const away = now - seenAt
    if ((now - since < lasts && !isOld) || away > gone) return undefined
    const acknowledged = this.#journal.acknowledgements.get(id)
    const text = away ? say`${alert.text} (${duration(away)} ago)` : alert.text
    return { ...alert, text, id, since, ...(acknowledged ? { acknowledged } : {}) }
  }

  #forget(id: string): void {
    this.#known.delete(id)
    this.#journal.forgetAcknowledgement(id)
  }
}

function rank({ severity, acknowledged }: StandingAlert): number {
  return acknowledged ? 2 : severity === 'bad' ? 0 : 1
}

/** Two at once that are the same in every way are one. */
function withIds(alerts: readonly Alert[]): Map<string, Alert> {
  return new Map(
    alerts.map((alert) => [`${alert.uuid ?? `${alert.host} ${alert.name}`} ${alert.what}`, alert]),
  )
}
