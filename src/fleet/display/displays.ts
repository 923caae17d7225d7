import { defined } from '../../hosts/defined.ts'
import type { HostError } from '../../hosts/host.ts'
import type { DisplayReading, ToldTerminal } from '../../services/display/facts.ts'
import { sameList } from '../../services/libvirt/kept.ts'
import type { FleetEvent } from '../event.ts'
import { sameRecord } from '../same-record.ts'
import { happenedAt } from './conditions.ts'
import { type DisplayServerRecord, displayRecord } from './record.ts'

/** What is known of the display servers. Pure bookkeeping, as the store. */
export class Displays {
  #records: Map<string, DisplayServerRecord>

  constructor(hosts: readonly string[]) {
    this.#records = new Map(hosts.map((host) => [host, { host, displays: [] }]))
  }

  get records(): readonly DisplayServerRecord[] {
    return [...this.#records.values()]
  }

  /** Takes an answer; returns what happened since the one before. What is new to this console is no event. */
  reading({ host, at, displays, faults, left, terminals, logins }: DisplayReading): FleetEvent[] {
    const before = this.#records.get(host)
    if (!before) return []
    const known = new Map(before.displays.map((one) => [one.id, one]))
    const after = displays.map((display) => {
      const record = displayRecord(host, display)
      const old = known.get(record.id)
      return old && sameRecord(old, record) ? old : record
    })
    const now: DisplayServerRecord = {
      host,
      reading: { at, faults, left },
      displays: after,
      ...defined({ terminals: keptTerminals(before.terminals, terminals), logins }),
    }
    this.#records.set(host, now)
    return before.reading ? happenedAt(before, now, at) : []
  }

  /** It could not be read. What it told stays. */
  failed(host: string, { kind, reason, advice }: HostError, at: number): void {
    const before = this.#records.get(host)
    if (!before) return
    const since = before.trouble?.since ?? at
    this.#records.set(host, { ...before, trouble: { kind, reason, advice, since } })
  }
}

/** What is the same stays the same object: what a terminal told is long, and is read once. */
function keptTerminals(
  before: readonly ToldTerminal[] | undefined,
  after: readonly ToldTerminal[] | undefined,
): readonly ToldTerminal[] | undefined {
  if (!before || !after) return after
  const key = ({ name, user }: ToldTerminal) => `${name} ${user}`
  const known = new Map(before.map((one) => [key(one), one]))
  const kept = after.map((one) => {
    const old = known.get(key(one))
    return old && sameRecord(old, one) ? old : one
  })
  return sameList(before, kept)
}
