import type { ClockReading } from '../../fleet/clocks/record.ts'
import type { At, Result } from '../../fleet/drill/record.ts'
import { drillSentence, drillText } from '../../fleet/drill/words.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import { drillBegun } from '../../fleet/incident/words.ts'
import { runLoad } from '../../fleet/load/run.ts'
import type { Outcome } from '../../fleet/load/tally.ts'
import { wallTime } from '../../hosts/clock.ts'
import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Drill } from './kind.ts'
import { type Held, Live } from './live.ts'
import { resultOf, type Seen } from './result.ts'
import { breakIt, follow, rest, until } from './streams.ts'

export interface DrillOptions extends Held {
  readonly how: string
  /** what goes on, for people */
  readonly tell: (text: Label) => void
  readonly signal: AbortSignal
  /** who holds it writes to the journal that it begins and how it ended */
  readonly isRecorded?: boolean
  /** told at once: what the fleet calls it */
  readonly onHeld?: (id: string) => void
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

/**
 * Puts load on, breaks what is to be broken, waits until all is as it was, and says what was seen. Meanwhile the fleet has it among its drills.
 *
 * @throws {HostError} it could not be broken, or nobody could be asked; what was broken is put back by its host
 */
export async function carryOut(drill: Drill, fleet: Fleet, options: DrillOptions): Promise<Result> {
  const over = new AbortController()
  const ends = AbortSignal.any([options.signal, over.signal, fleet.ending])
  const live = new Live(drill, fleet, options)
  options.onHeld?.(live.id)
  const outcomes: Outcome[] = []
  const began = wallTime(fleet.now())
  const load = drill.target && underLoad(drill.target, options, { outcomes, live }, began, ends)
  try {
    const seen = await held(drill, fleet, { ...options, signal: ends }, { live, outcomes, began })
    const result = resultOf(seen)
    live.reached('over', () => seen)
    live.end()
    const last = seen.isRestored ? say`` : say`; not as before yet`
    record(drill, fleet, options, say`drill: ${drillSentence(result)}${last}`, true)
    return result
  } catch (error) {
    live.end(options.signal.aborted ? options.signal.reason : error)
    throw error
  } finally {
    over.abort()
    await load
  }
}

interface Kept {
  readonly live: Live
  readonly outcomes: readonly Outcome[]
  readonly began: number
}

async function held(
  drill: Drill,
  fleet: Fleet,
  options: DrillOptions,
  { live, outcomes, began }: Kept,
): Promise<Seen> {
  const { host, sight, target } = drill
  const { seconds, tell, signal } = options
  const followed = sight.looks.map((one) => ({
    host: one.host,
    found: follow(memberOf(fleet, one.host), one.look, signal),
  }))
  tell(
    target
      ? say`load on ${target.service.name}: ${options.connections} connections, ${label(String(options.rate))} requests a second`
      : say`no load: the balancers of the configuration have no service there`,
  )
  for (const { host, found } of followed)
    await until(() => found.length > 0, timing.telling, signal, say`${label(host)} cannot be followed`)
  // How it was before is to be known, too.
  await (target ? calm(outcomes, signal) : rest(timing.calm, signal))
  record(drill, fleet, options, drillBegun, false)
  await fleet.journal.written()
  tell(drillText({ ...drill, seconds }))
  /** What is known of a clock first is what counts: no time moves while somebody looks at it. */
  const clocks = new Map<string, ClockReading>()
  const here = (name: string, before: number, after = before): At => {
    const reading = clocks.get(name) ?? fleet.snapshot().clocks.find((one) => one.host === name)?.reading
    if (reading) clocks.set(name, reading)
    const { at, uncertainty } = atHere(reading, (before + after) / 2)
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
  const toldAt = wallTime(fleet.now())
  const breaking = breakIt(memberOf(fleet, host), drill.breaking, seconds, timing.telling, signal)
  let told: Awaited<typeof breaking> | undefined
  let isBack: number | undefined
  const seen = (): Seen => {
    const broken = told ? here(host, told.broken.before, told.broken.after) : { at: toldAt, uncertainty: 0 }
    const entries = fleet.journal.latest(500, undefined, { since: broken.at - 5_000 })
    return {
      drill,
      how: options.how,
      ...(target ? { virtual: target.service.name } : {}),
      began,
      ended: wallTime(fleet.now()),
      broken,
      ...(told ? {} : { isUnsaid: true }),
      ...(isBack === undefined ? {} : { back: here(host, isBack) }),
      changes: changes(),
      outcomes,
      entries: [...entries].sort((a, b) => a.at - b.at),
      incidents: fleet.snapshot().incidents,
      isRestored: isRestored(),
    }
  }
  // Its line may be what is broken: then it says so only when it is put back.
  live.reached('told', seen)
  told = await breaking
  live.reached('broken', seen)
  isBack = await told.back
  live.reached('back', seen)
  tell(isBack === undefined ? say`${label(host)} has not said that it is put back` : say`put back`)
  await until(isRestored, timing.restoring, signal, say`not as it was`).catch((error: unknown) => {
    if (signal.aborted) throw error
  })
  await rest(timing.after, signal)
  return seen()
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
  { outcomes, live }: { readonly outcomes: Outcome[]; readonly live: Live },
  began: number,
  signal: AbortSignal,
): Promise<void> {
  /** what the times of requests are behind the time of day */
  const ahead = began - performance.now()
  const outcome = (one: Outcome) => {
    live.outcome(one)
    outcomes.push({ ...one, due: one.due + ahead, ended: one.ended + ahead })
  }
  const askers = Array.from({ length: connections }, target.asker)
  return runLoad({ rate, askers }, { due: (count) => live.due(count), outcome }, signal)
}

/** A time of a host by the console's clock. Of a clock that is not known it is taken for right, to a second. */
function atHere(reading: ClockReading | undefined, at: number): At {
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
  options: Pick<DrillOptions, 'seconds' | 'who' | 'isRecorded'>,
  text: Label,
  isEnded: boolean,
): void {
  if (options.isRecorded) return
  const { host } = drill
  fleet.journal.add({
    at: wallTime(fleet.now()),
    kind: 'did',
    severity: 'info',
    type: isEnded ? 'action.ended' : 'action.begun',
    host,
    about: { kind: 'host', id: host },
    who: options.who,
    plan: [say`${label(host)}: ${drillText({ ...drill, seconds: options.seconds })}`],
    text,
  })
}
