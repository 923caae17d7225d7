import type { Label } from '../hosts/label.ts'
import type { Changes } from './changes.ts'
import type { FullNames } from './display/full-names.ts'
import type { FleetEvent } from './event.ts'
import type { LogBook } from './logs/log-book.ts'
import type { FleetStore } from './store.ts'

/** Something that polls a host. */
export interface Watch {
  /** milliseconds */
  interval: number
  start(): void
  stop(): void
  look(): void
}

/** What a watch needs to know, and whom it tells. */
export interface Watching {
  /** milliseconds between two looks */
  readonly interval: number
  /** milliseconds in which requests for a look at how a host is become one; default as each watch has it */
  readonly merge?: number | undefined
  readonly now: () => number
  readonly store: FleetStore
  /** none: what logs tell is not wanted */
  readonly logs?: LogBook
  /** an answer came: is it time to look less often? */
  readonly rest: () => void
  readonly changed: (changes: Changes) => void
  readonly happened: (events: readonly FleetEvent[]) => void
  readonly lookAtDirectories: () => void
  /** of the people at terminals */
  readonly fullNames: FullNames
  readonly lookAtBalancers: () => void
  /** the others of its cluster are said to be gone by this host */
  readonly doubt: (hosts: readonly string[], reason: Label) => void
}

/** A watch at its own pace instead of the fleet's. */
export function atItsPace(watch: Watch, pace: (milliseconds: number) => number): Watch {
  let asked = watch.interval
  watch.interval = pace(asked)
  return {
    get interval() {
      return asked
    },
    set interval(milliseconds) {
      asked = milliseconds
      watch.interval = pace(milliseconds)
    },
    start: () => watch.start(),
    stop: () => watch.stop(),
    look: () => watch.look(),
  }
}
