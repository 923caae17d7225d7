import { setTimeout as pause } from 'node:timers/promises'
import type { Fleet } from '../../fleet/fleet.ts'
import { drillBegun } from '../../fleet/incident/words.ts'
import { runLoad } from '../../fleet/load/run.ts'
import type { Outcome } from '../../fleet/load/tally.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { wallTime } from '../../hosts/clock.ts'
import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { At, Drill } from './kind.ts'
import { type Result, resultOf, type Seen } from './result.ts'
import { breakIt, follow, until } from './streams.ts'

export interface DrillOptions {
  readonly how: string
  /** seconds for which it stays broken */
  readonly seconds: number
  readonly connections: number
  /** requests a second */
  readonly rate: number
  readonly who: Label
  /** what goes on, for people */
  readonly tell: (text: Label) => void
  readonly signal: AbortSignal
}

/** Milliseconds. */
const timing = {
  /** of load before something is broken, once all is answered */
  calm: 4_000,
  /** until all is answered: connections are made first */
  warming: 120_000,
  /** after it was put back, until all is as it was */
  restoring: 60_000,
  /** for what is told late */
  after: 2_500,
  /** a host says what it did */
  telling: 60_000,
} as const

/** Why nothing is broken here, whatever it is. */
export function whyNone({ readOnly, drills }: Pick<Fleet, 'readOnly' | 'drills'>): Label | undefined {
  if (readOnly) return say`this console is read-only`
  if (drills) return undefined
  return say`this cluster says nowhere that drills are allowed (drills: allowed in the configuration)`
}

/** The line that stands before a drill is confirmed, and in the journal. */
export function drillText(
  { breaking: { title, back }, host }: Pick<Drill, 'breaking' | 'host'>,
  { seconds }: Pick<DrillOptions, 'seconds'>,
): Label {
  return say`${title}, on ${label(host)}; after ${seconds} s that host itself ${back}`
}

/**
 * Puts load on, breaks what is to be broken, waits until all is as it was, and says what was seen.
 *
 * @throws {HostError} it could not be broken, or nobody could be asked; what was broken is put back by its host
 */
export async function carryOut(drill: Drill, fleet: Fleet, options: DrillOptions): Promise<Result> {
  const { host, sight, target } = drill
  const { seconds, tell, signal } = options
  const over = new AbortController()
  const ends = AbortSignal.any([signal, over.signal, fleet.ending])
  const began = wallTime(fleet.now())
  const outcomes: Outcome[] = []
  const load = target ? underLoad(target, options, outcomes, began, ends) : undefined
  try {
    const followed = sight.looks.map((one) => ({
      host: one.host,
      found: follow(memberOf(fleet, one.host), one.look, ends),
    }))
    tell(
      target
        ? say`load on ${target.service.name}: ${options.connections} connections, ${label(String(options.rate))} requests a second`
        : say`no load: the balancers of the configuration have no service there`,
    )
    for (const { host, found } of followed)
      await until(() => found.length > 0, timing.telling, ends, say`${label(host)} cannot be followed`)
    // How it was before is to be known, too.
    await (target ? calm(outcomes, ends) : pause(timing.calm, undefined, { signal: ends }))
    record(drill, fleet, options, drillBegun, false)
    await fleet.journal.written()
    tell(drillText(drill, options))
    const told = await breakIt(memberOf(fleet, host), drill.breaking, seconds, timing.telling, ends)
    const isBack = await told.back
    tell(isBack === undefined ? say`${label(host)} has not said that it is put back` : say`put back`)
    const here = (name: string, before: number, after = before): At => {
      const { at, uncertainty } = atHere(fleet.snapshot(), name, (before + after) / 2)
      return { at, uncertainty: uncertainty + (after - before) / 2 }
    }
    const changes = () =>
      new Map(
        followed.map(({ host, found }) => [
          host,
          found.map(({ before, after, value }) => ({ ...here(host, before, after), value })),
        ]),
      )
    const isRestored = () => sight.isRestored(changes(), fleet.snapshot())
    await until(isRestored, timing.restoring, ends, say`not as it was`).catch((error: unknown) => {
      if (ends.aborted) throw error
    })
    await pause(timing.after, undefined, { signal: ends })
    const broken = here(host, told.broken.before, told.broken.after)
    const entries = fleet.journal.latest(500, undefined, { since: broken.at - 5_000 })
    const seen: Seen = {
      drill,
      how: options.how,
      ...(target ? { virtual: target.service.name } : {}),
      began,
      ended: wallTime(fleet.now()),
      broken,
      ...(isBack === undefined ? {} : { back: here(host, isBack) }),
      changes: changes(),
      outcomes,
      entries: [...entries].sort((a, b) => a.at - b.at),
      incidents: fleet.snapshot().incidents,
      isRestored: isRestored(),
    }
    record(
      drill,
      fleet,
      options,
      seen.isRestored ? say`drill: done, and all is as before` : say`drill: done; not as before yet`,
      true,
    )
    return resultOf(seen)
  } finally {
    over.abort()
    await load
  }
}

function memberOf(fleet: Fleet, name: string) {
  const member = fleet.member(name)
  if (!member) throw new HostError('unreachable', name, say`is not in the configuration`)
  return { host: member.host, sudo: member.config.sudo ?? false }
}

/** Asks until the signal, and keeps how each request came out by the time of day. */
function underLoad(
  target: NonNullable<Drill['target']>,
  { connections, rate }: DrillOptions,
  outcomes: Outcome[],
  began: number,
  signal: AbortSignal,
): Promise<void> {
  /** what the times of requests are behind the time of day */
  const ahead = began - performance.now()
  const outcome = ({ due, ended, why }: Outcome) =>
    void outcomes.push({ due: due + ahead, ended: ended + ahead, ...(why === undefined ? {} : { why }) })
  const askers = Array.from({ length: connections }, target.asker)
  return runLoad({ rate, askers }, { due: () => {}, outcome }, signal)
}

/** A time of a host by the console's clock. Of a clock that is not known it is taken for right, to a second. */
function atHere({ clocks }: Snapshot, host: string, at: number): At {
  const reading = clocks.find((one) => one.host === host)?.reading
  return reading ? { at: at - reading.offset, uncertainty: reading.uncertainty } : { at, uncertainty: 1_000 }
}

/** Waits until all requests of some seconds were answered: what comes later is due to what was broken. */
async function calm(outcomes: readonly Outcome[], signal: AbortSignal): Promise<void> {
  const isCalm = () => {
    const last = outcomes.findLast(({ why }) => why)
    const first = outcomes[0]
    const end = outcomes.at(-1)?.ended ?? 0
    return first !== undefined && end - Math.max(first.due, last?.ended ?? 0) >= timing.calm
  }
  await until(isCalm, timing.warming, signal, say`requests fail before anything is broken`)
}

function record(
  drill: Drill,
  fleet: Fleet,
  options: Pick<DrillOptions, 'seconds' | 'who'>,
  text: Label,
  isEnded: boolean,
): void {
  const { host } = drill
  fleet.journal.add({
    at: wallTime(fleet.now()),
    kind: 'did',
    severity: 'info',
    type: isEnded ? 'action.ended' : 'action.begun',
    host,
    about: { kind: 'host', id: host },
    who: options.who,
    plan: [say`${label(host)}: ${drillText(drill, options)}`],
    text,
  })
}
