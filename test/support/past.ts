import type { PastMoment } from '../../src/fleet/past/moment.ts'
import type { Found, LookBack } from '../../src/fleet/past/past.ts'
import { say } from '../../src/hosts/label.ts'

/** What a test says that was kept. */
export class ToldPast implements LookBack {
  readonly trouble = undefined
  /** the oldest first */
  moments: readonly PastMoment[] = []
  skips = false

  note(): void {}

  before(at: number, orAt = false): Found {
    return this.#found(this.moments.findLast((one) => one.at < at || (orAt && one.at === at)))
  }

  after(at: number, orAt = false): Found {
    return this.#found(this.moments.find((one) => one.at > at || (orAt && one.at === at)))
  }

  #found(moment: PastMoment | undefined): Found {
    return { ...(moment ? { moment } : {}), ...(this.skips ? { skipped: say`1 minute left out` } : {}) }
  }

  close(): void {}
}

/** The same at each of these times, in minutes before a time of day, or as it is changed for one. */
export function minutesBefore(
  now: PastMoment,
  minutes: readonly number[],
  change: (one: PastMoment, minutes: number) => PastMoment = (one) => one,
): PastMoment[] {
  return minutes.map((by) => change({ ...now, at: now.at - by * 60_000, now: now.now - by * 60_000 }, by))
}
