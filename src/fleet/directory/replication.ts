import type { Csn, LdapReading } from '../../services/ldap/facts.ts'

/** The content of one server compared with the newest known content. */
export type Replication =
  | { readonly state: 'in step' }
  /** `since`: when the oldest change was made that it lacks, in milliseconds since the epoch; `atLeast`: it may lack older ones */
  | { readonly state: 'behind'; readonly since: number; readonly atLeast: boolean }
  /** the first copy is still under way: it answers, with a part of the entries (docs/internals/openldap-freeradius.md, "Replication") */
  | { readonly state: 'filling' }
  /** it has no replicas */
  | { readonly state: 'none' }
  | { readonly state: 'unknown' }

/** The lag in milliseconds from which on it is told; a shorter lag is normal. */
export const notable = { warning: 5_000, bad: 60_000 } as const

/** A change that some server had, and when it was made by this machine's clock. */
interface DirectoryChange {
  readonly csn: Csn
  readonly madeAt: number
  /** changes before it are not known */
  readonly first: boolean
}

/** The number of changes remembered for each server id, to date what a consumer lacks. */
const kept = 2_000
/** Milliseconds: smaller differences of clocks are ignored, since cn=Monitor tells whole seconds. */
const sameClock = 2_000
/** Milliseconds that a change may take to arrive; the longest of 100 took 25: docs/internals/openldap-freeradius.md, "Replication". */
const onItsWay = 100

/**
 * The known changes. No attribute tells the lag of a replica: its contextCSN is compared with those of the others, and the oldest change
 * that it lacks gives the lag: docs/internals/openldap-freeradius.md, "Replication".
 */
export class ReplicationChanges {
  /** by server id, oldest first */
  readonly #changes = new Map<number, readonly DirectoryChange[]>()
  /** when each provider was asked for its content the last time: what was made later may lack in its answer, however late that came */
  readonly #providers = new Map<string, number>()
  /** milliseconds that a provider's clock is ahead of the one here, to the second */
  #ahead = 0

  /** Notes the content of this server; returns whether there is a new change. */
  note({ host, at, askedAt = at, csns, monitor, monitorAt = at }: LdapReading): boolean {
    const isProvider = monitor?.isShadow === false || monitor?.isMultiProvider === true
    if (isProvider && monitor?.clock !== undefined) {
      const ahead = monitor.clock - monitorAt
      this.#ahead = Math.abs(ahead) < sameClock ? 0 : ahead
    }
    let isNew = false
    for (const [server, csn] of csns) {
      const before = this.#changes.get(server) ?? []
      const newest = before.at(-1)
      if (newest && newest.csn.text >= csn.text) continue
      isNew = true
      const change = { csn, madeAt: this.#dated(csn, at, !newest), first: !newest }
      this.#changes.set(server, thinned([...before, change]))
    }
    if (isProvider) this.#providers.set(host, askedAt)
    return isNew
  }

  /** Bounds the time of a change, whatever the clocks say: it was made after the last look at the providers and before this one. */
  #dated(csn: Csn, at: number, isFirst: boolean): number {
    const made = csn.at - this.#ahead
    const lastLook = Math.min(...this.#providers.values())
    const least = isFirst || !Number.isFinite(lastLook) ? Number.NEGATIVE_INFINITY : lastLook
    return Math.min(at, Math.max(least, made))
  }

  /** The replication state of a server with this content. */
  of({ at, askedAt = at, csns, csnTrouble, monitor }: LdapReading): Replication {
    if (csnTrouble) return { state: 'unknown' }
    if (!csns.size && monitor?.isShadow === false) return { state: 'none' }
    // There is nothing to copy, or it is not known whether it copies anything.
    if (!this.#changes.size || (!csns.size && !monitor?.isShadow)) return { state: 'unknown' }
    if (!csns.size) return { state: 'filling' }
    const lacking = [...this.#changes].flatMap(([server, changes]) => {
      const own = csns.get(server)?.text ?? ''
      // The usual case.
      if ((changes.at(-1)?.csn.text ?? '') <= own) return []
      return changes.find(({ csn, madeAt }) => csn.text > own && madeAt < askedAt - onItsWay) ?? []
    })
    const [oldest] = lacking.sort((a, b) => a.madeAt - b.madeAt)
    return oldest ? { state: 'behind', since: oldest.madeAt, atLeast: oldest.first } : { state: 'in step' }
  }
}

/** Of two states of the same content, the one that dates the older change: remembered changes become coarser with time. */
export function older(a: Replication, b: Replication): Replication {
  return a.state === 'behind' && b.state === 'behind' && a.since < b.since ? a : b
}

/** Drops every second change if there are too many: dates become coarser, and both ends are kept. */
function thinned(changes: readonly DirectoryChange[]): readonly DirectoryChange[] {
  if (changes.length <= kept) return changes
  return changes.filter((_, i) => i % 2 === 0 || i === changes.length - 1)
}
