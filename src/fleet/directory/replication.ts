import type { Csn, LdapReading } from '../../services/ldap/facts.ts'

/** How the content of one server stands against the newest that is known of any. */
export type Replication =
  | { readonly state: 'in step' }
  /** `since`: milliseconds since the epoch, when the oldest change was made that it lacks; it may have lacked some before */
  | { readonly state: 'behind'; readonly since: number; readonly atLeast: boolean }
  /** the first copy is still under way: it answers, with a part of the entries (docs/internals/openldap-freeradius.md, "Replication") */
  | { readonly state: 'filling' }
  /** its content is its own, and nobody copies it */
  | { readonly state: 'none' }
  | { readonly state: 'unknown' }

/** Milliseconds behind the others, from which on that is told: what is caught up sooner is the day's work. */
export const notable = { warning: 5_000, bad: 60_000 } as const

/** A change that some server had, and when it was made by the clock here. */
interface DirectoryChange {
  readonly csn: Csn
  readonly madeAt: number
  /** nothing is known of what came before it */
  readonly first: boolean
}

/** Changes that are remembered of each server id, that what a consumer lacks can be dated. */
const kept = 2_000
/** Milliseconds: clocks that differ by less are taken for the same, since cn=Monitor tells whole seconds. */
const sameClock = 2_000
/** Milliseconds that a change may take to the others; the longest of 100 was 25: docs/internals/openldap-freeradius.md, "Replication". */
const onItsWay = 100

/**
 * What changes there have been. There is no attribute for how far a replica is behind: its contextCSN is compared with those of the
 * others, and the oldest change that it lacks tells since when: docs/internals/openldap-freeradius.md, "Replication".
 */
export class ReplicationChanges {
  /** by server id, oldest first */
  readonly #changes = new Map<number, readonly DirectoryChange[]>()
  /** when each provider was last read */
  readonly #providers = new Map<string, number>()
  /** milliseconds that a provider's clock is ahead of the one here, to the second */
  #ahead = 0

  /** Notes what this server has; tells whether there is something new. */
  note({ host, at, csns, monitor }: LdapReading): boolean {
    const isProvider = monitor?.isShadow === false || monitor?.isMultiProvider === true
    if (isProvider && monitor?.clock !== undefined) {
      const ahead = monitor.clock - at
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
    if (isProvider) this.#providers.set(host, at)
    return isNew
  }

  /** A change was made after the last look at the providers, one of whom made it, and before this one, whatever their clocks say. */
  #dated(csn: Csn, at: number, isFirst: boolean): number {
    const made = csn.at - this.#ahead
    const lastLook = Math.min(...this.#providers.values())
    const least = isFirst || !Number.isFinite(lastLook) ? Number.NEGATIVE_INFINITY : lastLook
    return Math.min(at, Math.max(least, made))
  }

  /** How it stands with a server that had this much when it was read. */
  of({ at, csns, csnTrouble, monitor }: LdapReading): Replication {
    if (csnTrouble) return { state: 'unknown' }
    if (!csns.size && monitor?.isShadow === false) return { state: 'none' }
    // There is nothing to copy; or it is not known whether it copies anything.
    if (!this.#changes.size || (!csns.size && !monitor?.isShadow)) return { state: 'unknown' }
    if (!csns.size) return { state: 'filling' }
    const lacking = [...this.#changes].flatMap(([server, changes]) => {
      const own = csns.get(server)?.text ?? ''
      // As it nearly always is.
      if ((changes.at(-1)?.csn.text ?? '') <= own) return []
      return changes.find(({ csn, madeAt }) => csn.text > own && madeAt < at - onItsWay) ?? []
    })
    const [oldest] = lacking.sort((a, b) => a.madeAt - b.madeAt)
    return oldest ? { state: 'behind', since: oldest.madeAt, atLeast: oldest.first } : { state: 'in step' }
  }
}

/** The one of two looks at the same content that knows of the older change: what is remembered becomes coarser with time. */
export function older(a: Replication, b: Replication): Replication {
  return a.state === 'behind' && b.state === 'behind' && a.since < b.since ? a : b
}

/** Every second one goes where there are too many: dates become coarser, and none is lost at either end. */
function thinned(changes: readonly DirectoryChange[]): readonly DirectoryChange[] {
  if (changes.length <= kept) return changes
  return changes.filter((_, i) => i % 2 === 0 || i === changes.length - 1)
}
