import type { Matter } from './matter.ts'

/** What somebody was called for. Times in milliseconds since the epoch. */
export interface Told extends Pick<Matter, 'id' | 'severity' | 'text' | 'json'> {
  readonly at: number
  /** when it was told that it is over */
  readonly closedAt?: number
}

interface Rules {
  /** the least for which somebody is called */
  readonly severity: Matter['severity']
  /** milliseconds in which nobody is called again for the same */
  readonly hold: number
}

interface Due {
  readonly opened: readonly Matter[]
  readonly closed: readonly Told[]
  /** nothing is kept of these any more */
  readonly forgotten: readonly string[]
}

/**
 * For what somebody is to be called now.
 *
 * @param told by id
 * @param isOver what is not wrong any more, and has not been for long enough
 * @param now milliseconds since the epoch
 */
export function dueOf(
  matters: readonly Matter[],
  told: ReadonlyMap<string, Told>,
  isOver: (id: string) => boolean,
  { severity, hold }: Rules,
  now: number,
): Due {
  // A clock that was set back must not keep anybody from being called.
  const isHeld = ({ at }: Told) => now >= at && now - at < hold
  const isDue = (matter: Matter): boolean => {
    if (matter.isAcknowledged || (severity === 'bad' && matter.severity === 'warning')) return false
    const known = told.get(matter.id)
    if (!known) return true
    const isWorse = known.severity === 'warning' && matter.severity === 'bad'
    return isWorse || (known.closedAt !== undefined && !isHeld(known))
  }
  const standing = new Set(matters.map(({ id }) => id))
  const gone = [...told.values()].filter(({ id }) => !standing.has(id))
  const rank = (matter: Matter) => (matter.severity === 'bad' ? 0 : 1)
  return {
    opened: matters.filter(isDue).sort((a, b) => rank(a) - rank(b)),
    closed: gone.filter(({ id, closedAt }) => closedAt === undefined && isOver(id)),
    forgotten: gone.filter((one) => one.closedAt !== undefined && !isHeld(one)).map(({ id }) => id),
  }
}
