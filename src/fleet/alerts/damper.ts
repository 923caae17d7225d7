import { label, say } from '../../hosts/label.ts'
import type { FleetEvent } from '../event.ts'

/** Milliseconds, and how many events in them are told. */
const calm = 5 * 60_000
const most = 10

interface Past {
  /** when the latest events came, the oldest first */
  readonly times: readonly number[]
  /** the last that was not told, while it flaps */
  readonly untold?: FleetEvent
}

/**
 * What flaps fills the journal and hides what else happens: then that is said once, and when it has been calm for a while how it stands
 * since.
 */
export class Damper {
  /** by host and server */
  #past = new Map<string, Past>()

  /** The events that are to be told. Those that tell of no server that is asked again and again are all. */
  pass(events: readonly FleetEvent[], now: number): FleetEvent[] {
    return events.flatMap((event) => (event.server ? this.#one(event, event.server, now) : [event]))
  }

  #one(event: FleetEvent, server: string, now: number): FleetEvent[] {
    const key = `${event.host} ${server}`
    const { times = [], untold } = this.#past.get(key) ?? {}
    // A clock that was put back has no past.
    const recent = [...times.filter((at) => at <= now && now - at < calm), now].slice(-most - 1)
    const flaps = recent.length > most || (untold && recent.length > 1)
    this.#past.set(key, flaps ? { times: recent, untold: event } : { times: recent })
    if (!flaps) return [event]
    if (untold) return []
    const text = say`${label(server)} comes and goes: not told again until it has been calm for 5 min`
    return [{ ...event, severity: 'warning', text }]
  }

  /** How what flapped stands, now that it has been calm. */
  calmed(now: number): FleetEvent[] {
    return [...this.#past].flatMap(([key, { times, untold }]) => {
      const since = now - (times.at(-1) ?? now)
      if (since >= 0 && since < calm) return []
      this.#past.delete(key)
      return untold ? [{ ...untold, text: say`${untold.text} (calm for 5 min now)` }] : []
    })
  }
}
