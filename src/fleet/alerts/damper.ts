import { label, say } from '../../hosts/label.ts'
import type { FleetEvent } from '../event.ts'

/** A period in milliseconds, and how many events in it are told. */
const calm = 5 * 60_000
const most = 10

interface Past {
  /** the times of the latest events, the oldest first */
  readonly times: readonly number[]
  /** the last event that was not told, while it flaps */
  readonly untold?: FleetEvent
}

/**
 * A flapping server would fill the journal and hide other events. So flapping is told once, and after a calm period the state that the
 * server has had since.
 */
export class Damper {
  /** by host and server */
  #past = new Map<string, Past>()

  /** The events to tell. Events that are not about a polled server always pass. */
  pass(events: readonly FleetEvent[], now: number): FleetEvent[] {
    return events.flatMap((event) => (event.server ? this.#one(event, event.server, now) : [event]))
  }

  #one(event: FleetEvent, server: string, now: number): FleetEvent[] {
    const key = `${event.host} ${server}`
    const { times = [], untold } = this.#past.get(key) ?? {}
    // Times from before the clock was set back are dropped.
    const recent = [...times.filter((at) => at <= now && now - at < calm), now].slice(-most - 1)
    const flaps = recent.length > most || (untold && recent.length > 1)
    this.#past.set(key, flaps ? { times: recent, untold: event } : { times: recent })
    if (!flaps) return [event]
    if (untold) return []
    const text = say`${label(server)} comes and goes: not told again until it has been calm for 5 min`
    return [{ ...event, severity: 'warning', text, type: 'server.flaps' }]
  }

  /** The last state of servers that flapped and have been calm since. */
  calmed(now: number): FleetEvent[] {
    return [...this.#past].flatMap(([key, { times, untold }]) => {
      const since = now - (times.at(-1) ?? now)
      if (since >= 0 && since < calm) return []
      this.#past.delete(key)
      return untold ? [{ ...untold, text: say`${untold.text} (calm for 5 min now)` }] : []
    })
  }
}
