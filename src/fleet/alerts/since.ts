import type { Beginning, Journal } from '../journal/journal.ts'
import type { Alert } from './alert.ts'

/** Milliseconds by which the same beginning may be told differently: by a log, and by who has seen it a little later. */
const same = 60_000

/**
 * Since when something is wrong that a console saw when it looked for the first time, as far as the journal knows. All times are milliseconds since the epoch.
 *
 * @param seen the beginning as the alert has it, or when it was seen
 * @param startedAt when this console began: what it has told since without a log it may only have come upon
 */
export function sinceWhen(
  journal: Journal,
  id: string,
  { about, type, ends = [], isDated }: Alert,
  { seen, startedAt }: { readonly seen: number; readonly startedAt: number },
): Beginning {
  const told = type ? journal.standing(about, type, ends) : {}
  const kept = journal.beginningOf(id)
  // Who kept it may not have seen its end, of which a log tells or another console.
  const known = kept && (told.endedAt === undefined || told.endedAt < kept.since) ? kept : undefined
  const isSure = (at: number) => at < startedAt && !known?.orEarlier
  const sure = [
    ...(known && !known.orEarlier ? [known.since] : []),
    ...(isDated || isSure(seen) ? [seen] : []),
    ...(told.since !== undefined && (told.isOfLog || isSure(told.since)) ? [told.since] : []),
  ].filter((at, _, [first = at]) => Math.abs(at - first) <= same || first !== known?.since)
  if (sure.length) return { since: Math.min(...sure) }
  return { since: Math.min(seen, known?.since ?? seen, told.since ?? seen), orEarlier: true }
}
