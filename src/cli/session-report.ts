import { lengthOf, type Session, stateOf } from '../fleet/journal/sessions.ts'

/** By what sessions can be added up. */
export const reports = ['user', 'group', 'machine', 'system', 'day'] as const
export type ReportBy = (typeof reports)[number]

/** Sessions added up. Of what has no end no hours are counted. */
export interface Sum {
  /** who, which group, which machine, which system, or which day; empty: not known */
  readonly key: string
  /** how many began */
  readonly sessions: number
  /** of those with an end */
  readonly hours: number
  /** how many of them are still there */
  readonly open: number
  /** how many of them have gone without anybody saying when */
  readonly lost: number
  /** of a person: their number */
  readonly uid?: number
}

/** From one midnight to the next, where the clocks are set in between, too. */
function midnightAfter(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
}

/** The day as this machine's clock has it: `2026-11-28`. */
function dayOf(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Milliseconds of a session on each day; at most ten years of them. */
function* daysOf(from: number, to: number): Generator<readonly [day: string, milliseconds: number]> {
  for (let [at, n] = [from, 0]; at < to && n < 3_660; n++) {
    const end = Math.min(to, midnightAfter(at))
    yield [dayOf(at), end - at]
    at = end
  }
}

/** By each way but days. Who is in several groups counts in each of them; a group of one's own (user private groups) is of interest where there is no other. */
const keysOf: Readonly<Record<Exclude<ReportBy, 'day'>, (one: Session) => readonly string[]>> = {
  user: ({ who }) => [who],
  group: ({ who, groups = [] }) => {
    const others = groups.filter((one) => one !== who)
    return others.length ? others : [groups[0] ?? '']
  },
  machine: ({ machine }) => [machine],
  system: ({ system }) => [system],
}

/** What is of a span of time, milliseconds since the epoch, added up; days in their order, else the most hours first. */
export function sumsOf(
  sessions: readonly Session[],
  by: ReportBy,
  { since = 0, until = Number.POSITIVE_INFINITY }: { readonly since?: number; readonly until?: number },
  now: number,
): Sum[] {
  const sums = new Map<string, { -readonly [K in keyof Sum]: Sum[K] }>()
  const sumOf = (key: string) => {
    const found = sums.get(key) ?? { key, sessions: 0, hours: 0, open: 0, lost: 0 }
    sums.set(key, found)
    return found
  }
  for (const one of sessions) {
    const from = Math.max(one.startedAt, since)
    const to = lengthOf(one) === undefined ? from : Math.min(one.endedAt ?? 0, until)
    const state = stateOf(one, now)
    for (const key of by === 'day' ? [dayOf(from)] : keysOf[by](one)) {
      const sum = sumOf(key)
      if (by === 'user') sum.uid ??= one.uid
      if (one.startedAt >= since) sum.sessions++
      if (state !== 'ended') sum[state]++
      if (by !== 'day') sum.hours += Math.max(0, to - from) / 3_600_000
    }
    if (by === 'day')
      for (const [day, milliseconds] of daysOf(from, to)) sumOf(day).hours += milliseconds / 3_600_000
  }
  const order = (a: Sum, b: Sum) => (by === 'day' ? 0 : b.hours - a.hours) || (a.key < b.key ? -1 : 1)
  return [...sums.values()].sort(order)
}
