import type { At, Broken, Mark } from '../../fleet/drill/record.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import type { Incident } from '../../fleet/incident/record.ts'
import type { Entry } from '../../fleet/journal/journal.ts'
import type { Target } from '../../fleet/load/targets.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import type { Label } from '../../hosts/label.ts'
import type { Targets } from '../subjects.ts'

/** What is done to a host, and what that host does by itself to put it back. All of it is lines of sh, with the words as `$1`, `$2`, … and `$dir`, a directory of this drill's own. */
export interface Breaking extends Broken {
  readonly words: readonly string[]
  /** before anything is broken: what is needed to put it back is kept; ends with a line of error where that is missing */
  readonly checks: string
  readonly breaks: string
  readonly putsBack: string
}

/** What a host was seen to have from then on, in the words of its look. */
export type Change = At & { readonly value: string }

/** What was seen while something was broken; times are the console's, in milliseconds since the epoch. */
export interface Watched {
  readonly broken: At
  /** none: the host has not said that it is put back */
  readonly back?: At
  /** by host, the oldest first */
  readonly changes: ReadonlyMap<string, readonly Change[]>
  /** of the journal, since shortly before, the oldest first */
  readonly entries: readonly Entry[]
  readonly incidents: readonly Incident[]
}

/** What of a host is looked at many times a second: lines of sh that set `now` to a word, by the words `$1`, `$2`, … No process is started, since that takes longer than all else. */
export interface Look {
  readonly script: string
  readonly words: readonly string[]
}

/** What is followed past vdd while something is broken, and what it means. */
export interface Sight {
  /** what is looked at again and again, by host */
  readonly looks: readonly { readonly host: string; readonly look: Look }[]
  /** all is as it was at first */
  isRestored(changes: Watched['changes'], snapshot: Snapshot): boolean
  /** who serves now what it is about; none: nobody does, or it is not known */
  serving(snapshot: Snapshot): Label | undefined
  /** when vdd's timeline has that it broke */
  faultOf(watched: Watched): number | undefined
  /** how it went away, and how it came back */
  marks(watched: Watched): { readonly away: readonly Mark[]; readonly home: readonly Mark[] }
}

/** What is to be broken on one host, and seen. */
export interface Drill {
  readonly kind: string
  /** what is typed to confirm it */
  readonly name: Label
  /** the same, where it has one */
  readonly address?: string
  readonly host: string
  readonly breaking: Breaking
  readonly sight: Sight
  /** what load is put on; none: the balancers have no such service */
  readonly target?: Target
}

/** What is known when a drill is thought of. */
export interface About {
  readonly fleet: Fleet
  readonly snapshot: Snapshot
  /** what load can be put on */
  readonly targets: readonly Target[]
}

/** Something that can be broken on purpose: `vdd drill NAME`. */
export interface DrillKind<S extends 'frontend' | 'host' | 'node' = 'frontend' | 'host' | 'node'> {
  readonly name: string
  /** what its argument means */
  readonly subject: S
  readonly help: string
  /** the ways to break it, the usual one first; what each does */
  readonly hows: Readonly<Record<string, string>>
  /**
   * What would be done; or why it cannot be now: nothing is broken where nobody else would serve, and nothing whose return could not be seen.
   *
   * @param how of `hows`
   */
  plan(subject: Targets[S], how: string, about: About): Drill | Label
}
