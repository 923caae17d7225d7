import { StringDecoder } from 'node:string_decoder'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fleet } from '../../fleet/fleet.ts'
import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import { runLoad } from '../../fleet/load/run.ts'
import type { Outcome } from '../../fleet/load/tally.ts'
import type { Target } from '../../fleet/load/targets.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { wallTime } from '../../hosts/clock.ts'
import { type Channel, type Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { Lines } from '../../hosts/lines.ts'
import { breakingCommand, breakings, type How, parseTold } from './breaking.ts'
import { type At, type Result, resultOf, type Seen } from './result.ts'
import { Weights, weightsCommand } from './weights.ts'

export interface DrillOptions {
  readonly how: How
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

/** What is to be broken, and seen. */
export interface Drill {
  readonly frontend: FrontendRecord & { readonly host: string }
  readonly service: FrontendService
  readonly target: Target
  readonly pid: number
}

/** Milliseconds. */
const timing = {
  /** of load before something is broken, once all is answered */
  calm: 4_000,
  /** until all is answered: connections are made first */
  warming: 120_000,
  /** after it was put back, until it is in service again */
  restoring: 60_000,
  /** for what is told late */
  after: 2_500,
  /** the host says what it did */
  telling: 30_000,
} as const

/** Characters of a line of the commands. */
const longestLine = 200

/**
 * Why a front end cannot be drilled now, or what is done: nothing is broken where nobody else would serve, and nothing whose return could not be seen.
 *
 * @param targets what load can be put on
 */
export function drillOf(
  frontend: FrontendRecord,
  targets: readonly Target[],
  fleet: Fleet,
  snapshot: Snapshot,
): Drill | Label {
  const { host, name } = frontend
  if (fleet.readOnly) return say`this console is read-only`
  if (!fleet.drills)
    return say`this cluster says nowhere that drills are allowed (drills: allowed in the configuration)`
  if (fleet.demo) return say`the demo has nothing that could be broken`
  if (host === undefined) return say`${name} is no host of the configuration`
  const target = targets.find(({ service, speaks }) => {
    const isOfIt = frontend.services.some(({ virtual }) => virtual === service.name)
    return speaks === 'LDAP' && isOfIt
  })
  const service = frontend.services.find(({ virtual }) => virtual === target?.service.name)
  if (!target || !service) return say`${name} serves no LDAP on which load could be put`
  if (service.duty !== 'in service') return say`${name} is not in service (${label(service.duty)})`
  const others = target.service.reals.filter(
    (one) => one.address !== frontend.address && one.duty === 'in service',
  )
  if (!others.length)
    return say`nobody else serves ${target.service.name} now: without ${name} nobody gets in`
  const slapd = snapshot.processes.get(host)?.find((one) => one.name === 'slapd')
  if (!slapd) return say`its slapd is not known (vdd fd list)`
  const known = snapshot.directories.find((one) => one.host === host)
  if (!known?.reading || known.trouble) return say`its slapd does not answer vdd`
  return { frontend: { ...frontend, host }, service, target, pid: slapd.pid }
}

/** The line that stands before a drill is confirmed, and in the journal. */
export function drillText(
  { frontend, pid }: Drill,
  { how, seconds }: Pick<DrillOptions, 'how' | 'seconds'>,
): Label {
  const { title, back } = breakings[how]
  return say`${title}, process ${pid} on ${label(frontend.host)}; after ${seconds} s that host itself ${back}`
}

/**
 * Puts load on, breaks what is to be broken, waits until it is back, and says what was seen.
 *
 * @throws {HostError} it could not be broken, or nobody could be asked; what was broken is put back by its host
 */
export async function carryOut(drill: Drill, fleet: Fleet, options: DrillOptions): Promise<Result> {
  const { frontend, service, target, pid } = drill
  const { how, seconds, rate, connections, tell, signal } = options
  const { host, balancer } = {
    host: memberOf(fleet, frontend.host),
    balancer: memberOf(fleet, service.balancer),
  }
  const over = new AbortController()
  const ends = AbortSignal.any([signal, over.signal, fleet.ending])
  const began = wallTime(fleet.now())
  /** what the times of requests are behind the time of day */
  const ahead = wallTime(fleet.now()) - performance.now()
  const outcomes: Outcome[] = []
  const outcome = ({ due, ended, why }: Outcome) =>
    void outcomes.push({ due: due + ahead, ended: ended + ahead, ...(why === undefined ? {} : { why }) })
  const askers = Array.from({ length: connections }, target.asker)
  const load = runLoad({ rate, askers }, { due: () => {}, outcome }, ends)
  const channels: Channel[] = []
  try {
    const weights = new Weights()
    const { seen: weighed } = weights
    const following = await balancer.host.stream(
      weightsCommand(service.virtual, service.real, balancer.config.sudo ?? false),
    )
    channels.push(following)
    eachLine(following, (line) => weights.take(line))
    tell(say`load on ${target.service.name}: ${connections} connections, ${rate} requests a second`)
    await calm(outcomes, ends)
    await until(
      () => weighed.length > 0,
      timing.telling,
      ends,
      say`the table of ${label(service.balancer)} cannot be followed`,
    )
    const record = (text: Label, isEnded: boolean) => recordDrill(drill, fleet, options, text, isEnded)
    record(say`begun`, false)
    await fleet.journal.written()
    const told = await broken(
      host.host,
      breakingCommand(how, pid, seconds, host.config.sudo ?? false),
      channels,
      ends,
    )
    const here = (name: string, before: number, after = before): At => {
      const { at, uncertainty } = atHere(fleet.snapshot(), name, (before + after) / 2)
      return { at, uncertainty: uncertainty + (after - before) / 2 }
    }
    tell(say`broken: ${drillText(drill, options)}`)
    const isBack = await told.back(seconds * 1000 + timing.telling).catch(() => undefined)
    tell(isBack === undefined ? say`${label(frontend.host)} has not said that it is put back` : say`put back`)
    const isRestored = () => {
      const { directories } = fleet.snapshot()
      const isWhole = weighed.at(-1)?.weight === weighed[0]?.weight
      return (
        isWhole &&
        directories.some((one) => one.host === frontend.host && one.reading?.check.ok && !one.trouble)
      )
    }
    await until(isRestored, timing.restoring, ends, say`not in service again`).catch((error: unknown) => {
      if (ends.aborted) throw error
    })
    await pause(timing.after, undefined, { signal: ends })
    const ended = wallTime(fleet.now())
    const at = here(frontend.host, told.broken.before, told.broken.after)
    const seen: Seen = {
      host: frontend.host,
      how,
      real: service.real,
      virtual: target.service.name,
      began,
      ended,
      broken: at,
      ...(isBack === undefined ? {} : { back: here(frontend.host, isBack) }),
      weights: weighed.map(({ before, after, weight }) => ({
        ...here(service.balancer, before, after),
        ...(weight === undefined ? {} : { weight }),
      })),
      outcomes,
      entries: fleet.journal.latest(500, undefined, { since: at.at - 5_000 }),
      incidents: fleet.snapshot().incidents,
    }
    record(isRestored() ? say`done, and back in service` : say`done; not back in service yet`, true)
    return resultOf(seen)
  } finally {
    over.abort()
    for (const channel of channels) channel.kill()
    await load
  }
}

function memberOf(fleet: Fleet, name: string) {
  const member = fleet.member(name)
  if (!member) throw new HostError('unreachable', name, say`is not in the configuration`)
  return member
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

/** Looks every tenth of a second. */
async function until(is: () => boolean, patience: number, signal: AbortSignal, why: Label): Promise<void> {
  const end = performance.now() + patience
  while (!is()) {
    if (performance.now() > end) throw new HostError('timeout', 'drill', why)
    await pause(100, undefined, { signal })
  }
}

/** Breaks it, and resolves when that is done; `back` tells when it was put back, by the clock of the host. */
async function broken(
  host: Host,
  argv: Parameters<Host['stream']>[0],
  channels: Channel[],
  signal: AbortSignal,
) {
  const channel = await host.stream(argv)
  channels.push(channel)
  const said: NonNullable<ReturnType<typeof parseTold>>[] = []
  let errors = ''
  channel.stderr.on('data', (piece: Buffer) => {
    errors = `${errors}${piece.toString()}`.slice(-longestLine)
  })
  let isOver = false
  channel.ended.then(
    () => {
      isOver = true
    },
    () => {
      isOver = true
    },
  )
  eachLine(channel, (line) => {
    const told = parseTold(line)
    if (told) said.push(told)
  })
  const find = () => said.find((one) => one.what === 'broken')
  await until(
    () => isOver || find() !== undefined,
    timing.telling,
    signal,
    say`${label(host.name)} does not say that it is broken`,
  )
  const first = find()
  if (!first)
    throw new HostError('refused', host.name, label(errors.trim().split('\n').at(-1) || 'nothing was broken'))
  return {
    broken: first,
    back: async (patience: number): Promise<number> => {
      const found = () => said.find((one) => one.what === 'back')
      await until(() => found() !== undefined, patience, signal, say`not put back`)
      return found()?.at ?? 0
    },
  }
}

function eachLine({ stdout }: Channel, take: (line: string) => void): void {
  const lines = new Lines(longestLine)
  const decoder = new StringDecoder('utf8')
  stdout.on('data', (piece: Buffer) => {
    for (const line of lines.take(decoder.write(piece))) take(line)
  })
}

function recordDrill(
  drill: Drill,
  fleet: Fleet,
  options: Pick<DrillOptions, 'how' | 'seconds' | 'who'>,
  text: Label,
  isEnded: boolean,
): void {
  const { host } = drill.frontend
  fleet.journal.add({
    at: wallTime(fleet.now()),
    kind: 'did',
    severity: 'info',
    type: isEnded ? 'action.ended' : 'action.begun',
    host,
    about: { kind: 'host', id: host },
    who: options.who,
    plan: [say`${label(host)}: ${drillText(drill, options)}`],
    text: say`drill: ${text}`,
  })
}
