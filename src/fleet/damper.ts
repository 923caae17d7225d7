import { label, say } from '../hosts/label.ts'
import type { FleetEvent } from './changes.ts'

/** Milliseconds, and how many events in them are told. */
const calm = 5 * 60_000
const most = 10

/** What flaps fills the journal and hides what else happens: then that is said once, and no more until it has been calm for a while. */
export class Damper {
  /** by host and server: when the latest events came, the oldest first */
  #recent = new Map<string, { readonly times: readonly number[]; readonly isQuiet: boolean }>()

  /** The events that are to be told. Those that tell of no server that is asked again and again are all. */
  pass(events: readonly FleetEvent[], now: number): FleetEvent[] {
    return events.flatMap((event) => (event.server ? this.#one(event, event.server, now) : [event]))
  }

  #one(event: FleetEvent, server: string, now: number): FleetEvent[] {
    const key = `${event.host} ${server}`
    const { times = [], isQuiet = false } = this.#recent.get(key) ?? {}
    const recent = [...times.filter((at) => now - at < calm), now].slice(-most - 1)
    const flaps = recent.length > most || (isQuiet && recent.length > 1)
    this.#recent.set(key, { times: recent, isQuiet: flaps })
    if (!flaps) return [event]
    if (isQuiet) return []
    const text = say`${label(server)} comes and goes: not told again until it has been calm for 5 min`
    return [{ ...event, severity: 'warning', text }]
  }
}
