import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { HostError, whyOf } from '../hosts/host.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import type { Next, Undo } from './action.ts'
import { running } from './machine/target.ts'
import { type Prepared, prepare } from './prepare.ts'
import { recorder } from './recorder.ts'
import { stateOf } from './standing.ts'
import { commandText, stepText } from './step-text.ts'
import { nameOf, presentOf, type Target } from './subjects.ts'

/** How far a change is. */
export interface Progress {
  readonly text: Label
  /** 0 to 100, where the command tells */
  readonly percent?: number
}

export interface Outcome {
  /**
   * seen; refused by the host or failed; asked but not seen in time; not begun, since something forbids it now; ended by a person, or
   * by what was begun against it
   */
  readonly kind: 'done' | 'failed' | 'unseen' | 'refused' | 'cancelled'
  readonly text: Label
  readonly advice?: Label
  /** what is offered next */
  readonly next?: Next
  /** what would undo it: there when a command of it has run */
  readonly undo?: Undo
  /** nothing of it was done: its host said no, or it was ended before anybody felt it */
  readonly isNothing?: true
}

export interface CarryOutOptions {
  readonly who: Label
  readonly onProgress?: (progress: Progress) => void
  /** told before the first command: what would undo it */
  readonly onBegun?: (undo: Undo | undefined) => void
  /** ends it; the reason is the word for why, a `Label` */
  readonly signal?: AbortSignal
  /** ends it too, but for the command that runs: the opposite is on its way */
  readonly over?: AbortSignal
  /** look until the change is seen; default true */
  readonly wait?: boolean
  /** seconds to wait for it; default: the action's patience */
  readonly timeout?: number
  /** the same for all that was confirmed together, by which the journal keeps them together */
  readonly batch?: string
}

/** Milliseconds: what is cut is looked at for so long, and a host that is told to end something has so long to do it. */
const patience = { look: 2_000, fresh: 3_000, cancel: 5_000 } as const

/**
 * Runs what was prepared: checks once more that it is still the same, writes to the journal, runs the steps one after the other,
 * and looks until the world shows it. Never throws: what went wrong is in the outcome.
 */
export async function run<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: CarryOutOptions,
): Promise<Outcome> {
  if (prepared.risk === 'destructive') await lookOnceMore(prepared, fleet)
  const now = prepare(prepared.action, prepared.target, prepared.answers, fleet)
  if ('refused' in now) return { kind: 'refused', text: now.refused }
  const [was, is] = [nameOf(prepared.target as Target), nameOf(now.target as Target)]
  if (was !== is) return { kind: 'refused', text: say`what was ${was} is called ${is} now; look again` }
  if (now.steps.map(meant).join() !== prepared.steps.map(meant).join())
    return { kind: 'refused', text: say`it has changed meanwhile, and so would the commands; look again` }
  if (now.insists && !prepared.insists)
    return { kind: 'refused', text: say`it has changed meanwhile: ${now.insists}; look again` }
  return await begin(now, fleet, options)
}

/** What is destroyed was named by a person: that name is read again before, for it may stand for another machine by now. */
async function lookOnceMore<T>({ target, steps }: Prepared<T>, fleet: Fleet): Promise<void> {
  const { uuid, host } = target as Partial<MachineRecord>
  if (!uuid || !host) return
  const asked = fleet.now()
  for (const one of new Set(steps.map((step) => step.host))) fleet.lookAfresh(one, uuid)
  const isRead = ({ seenAt }: Snapshot) => (seenAt.get(host) ?? 0) > asked || undefined
  await fleet.until(isRead, AbortSignal.timeout(patience.fresh)).catch(() => undefined)
}

/** A step as it was confirmed. Of a difference what goes and what comes: where in the file that is, another change may have moved. */
function meant(step: Step): string {
  const changes = step.shown?.filter((line) => /^[-+]/.test(line)) ?? [step.input]
  return [stepText(step), ...changes].join('\n')
}

async function begin<T>(prepared: Prepared<T>, fleet: Fleet, options: CarryOutOptions): Promise<Outcome> {
  const record = recorder(prepared, fleet, options.who, options.batch ?? randomUUID())
  const undo = prepared.action.undo?.(prepared.target, prepared.answers, fleet.snapshot())
  record(say`begun`, 'info', undo)
  options.onBegun?.(undo)
  // What is done stands in the journal before; one that cannot be written stops nobody in need.
  await fleet.journal.written()
  const { signal: cancel, over } = options
  const person = AbortSignal.any([cancel, over].filter((one) => one !== undefined))
  const signals = { person, cancel, signal: AbortSignal.any([person, fleet.ending]) }
  const ran: Step[] = []
  const work = perform(prepared, fleet, { ...options, ...signals }, ran)
  const outcome = await fleet.during(work)
  const left = ran.length && !outcome.isNothing ? undo : undefined
  record(outcome.text, isCalm(outcome, ran) ? 'info' : 'warning', left, outcome.isNothing)
  return left ? { ...outcome, undo: left } : outcome
}

/** Nobody has to look at it: it is done, or was ended before anything was felt. */
function isCalm({ kind }: Outcome, ran: readonly Step[]): boolean {
  return kind === 'done' || (kind === 'cancelled' && !ran.some(({ isFelt }) => isFelt !== false))
}

interface Performing extends CarryOutOptions {
  /** whatever ends it: a person, what is begun against it, the end of the program */
  readonly signal: AbortSignal
  /** a person, or what is begun against it */
  readonly person: AbortSignal
  /** a person who does not want to wait for the command that runs */
  readonly cancel: AbortSignal | undefined
}

/** `ran`: gets the steps that have run. */
async function perform<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: Performing,
  ran: Step[],
): Promise<Outcome> {
  const { action, target, answers, steps } = prepared
  const began = fleet.now()
  /** what is to be taken away, should this program be killed */
  const noted = new Map<Step, () => void>()
  /** the command that was begun last, while it may have done something */
  let trying: Step | undefined
  try {
    for (const step of steps) {
      options.signal.throwIfAborted()
      const forget = step.tidy && fleet.leftovers?.note({ host: step.host, argv: step.tidy })
      if (forget) noted.set(step, forget)
      trying = step
      const no = await perStep(step, fleet, options)
      trying = undefined
      if (no) throw no
      ran.push(step)
    }
    for (const forget of noted.values()) forget()
  } catch (error) {
    for (const step of await tidyUp(steps.slice(0, ran.length + 1), fleet)) noted.get(step)?.()
    lookAfresh(prepared, fleet)
    const cut = { steps, ran, trying }
    if (options.signal.aborted) return await cutShort(prepared, fleet, options, cut, began)
    const nothing = isUnfelt(cut) ? ({ isNothing: true } as const) : {}
    const far = howFar(steps, ran)
    if (!(error instanceof HostError)) return { kind: 'failed', text: say`${whyOf(error)}${far}`, ...nothing }
    const { host, reason, advice } = error
    const next = action.next?.(target, answers, reason, ran)
    const text = say`${label(host)}: ${reason}${far}`
    return { kind: 'failed', text, advice, ...(next ? { next } : {}), ...nothing }
  }
  lookAfresh(prepared, fleet)
  if (options.wait === false || !action.settled) return done(prepared, fleet, say`done`)
  return await waitFor(prepared, fleet, options, began)
}

/** Why it was ended: by a person in whose words, or because the program ends. */
function whyEnded({ person }: Performing): Label {
  if (!person.aborted) return say`given up`
  return typeof person.reason === 'string' ? (person.reason as Label) : say`cancelled`
}

/** How far the steps had come when it went wrong; `trying` may have done its work. */
interface Cut {
  readonly steps: readonly Step[]
  readonly ran: Step[]
  readonly trying: Step | undefined
}

function isUnfelt({ ran, trying }: Cut): boolean {
  return [...ran, ...(trying ? [trying] : [])].every(({ isFelt }) => isFelt === false)
}

/**
 * A command that is cut may have done its work all the same: a migration that had come to its end has moved the machine. So it is
 * looked at once more, and what is known is said.
 */
async function cutShort<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: Performing,
  cut: Cut,
  began: number,
): Promise<Outcome> {
  const { action, target, answers } = prepared
  const { steps, ran, trying } = cut
  const why = say`${whyEnded(options)}${howFar(steps, ran)}`
  if (action.subject !== 'machine' || !action.settled)
    return { kind: 'cancelled', text: why, ...(isUnfelt(cut) ? { isNothing: true } : {}) }
  const cutAt = fleet.now()
  const hosts = [...new Set([...steps.map(({ host }) => host), ...(answers.to ? [answers.to] : [])])]
  const isSettled = (snapshot: Snapshot) => action.settled?.(target, answers, snapshot, began) === true
  const isRead = (host: string, { seenAt }: Snapshot) => (seenAt.get(host) ?? 0) > cutAt
  const unread = (snapshot: Snapshot) => {
    // A machine runs in one place: where it is seen to run, the others need not be asked.
    const now = presentOf('machine', target, snapshot) as MachineRecord | undefined
    if (now && running(now) && isRead(now.host, snapshot)) return []
    return hosts.filter((host) => !isRead(host, snapshot))
  }
  const known = (snapshot: Snapshot) => isSettled(snapshot) || !unread(snapshot).length || undefined
  const soon = AbortSignal.timeout(patience.look)
  await fleet.until(known, soon).catch(() => undefined)
  const snapshot = fleet.snapshot()
  const state = stateOf(action.subject, target, snapshot) ?? say`gone`
  const objection = isSettled(snapshot)
    ? await action.objection?.(target, answers, { fleet, snapshot }, soon)
    : undefined
  if (objection) return { kind: 'cancelled', text: say`${why}; ${objection}` }
  if (isSettled(snapshot)) {
    // So it can be undone.
    ran.push(...steps.slice(ran.length))
    return { kind: 'cancelled', text: say`${why}, but it was done all the same: ${state}` }
  }
  const silent = unread(snapshot)
  if (silent.length)
    return {
      kind: 'cancelled',
      text: say`${why}; whether it was done is not known: ${label(silent.join(', '))} has not answered since`,
    }
  const text = say`${why}; now ${state}`
  // What its host can end in order has done nothing when that is what is seen; a guest may still shut down.
  return isUnfelt({ ...cut, trying: trying?.cancel ? undefined : trying })
    ? { kind: 'cancelled', text, isNothing: true }
    : { kind: 'cancelled', text }
}

/** What has been done of something that has not come to its end: it is not as before. */
function howFar(steps: readonly Step[], ran: readonly Step[]): Label {
  const done = whatRan(ran)
  return done ? say`; done before: ${done}; not done: ${steps[ran.length]?.what ?? say`nothing`}` : say``
}

function whatRan(ran: readonly Step[]): Label | undefined {
  const felt = ran.filter(({ isFelt }) => isFelt !== false)
  return felt.length
    ? joined(
        felt.map(({ what, host }) => say`${what} on ${label(host)}`),
        ', ',
      )
    : undefined
}

/** Those of the steps of which nothing is left now. What cannot be taken away is left: that the change failed is what has to be said. */
async function tidyUp(steps: readonly Step[], fleet: Fleet): Promise<Step[]> {
  const tidied: Step[] = []
  for (const step of steps) {
    if (!step.tidy) continue
    const output = await fleet
      .member(step.host)
      ?.host.run(step.tidy, { timeout: 10_000 })
      .catch(() => undefined)
    if (output?.code === 0) tidied.push(step)
  }
  return tidied
}

function done<T>({ action, target, answers }: Prepared<T>, fleet: Fleet, how: Label): Outcome {
  const remark = action.remark?.(target, answers, fleet.snapshot())
  return { kind: 'done', text: remark ? say`${how}; ${remark}` : how }
}

/** A change shows on the hosts of its commands, and a migration on its target. */
function lookAfresh<T>({ target, answers, steps }: Prepared<T>, fleet: Fleet): void {
  const { uuid } = target as Partial<MachineRecord>
  for (const host of new Set([...steps.map((step) => step.host), answers.to]))
    if (host) fleet.lookAfresh(host, uuid)
}

/** Runs it to its end; returns the no of its host. Throws where what became of it is not known. */
async function perStep(
  step: Step,
  fleet: Fleet,
  { onProgress, cancel }: Performing,
): Promise<HostError | undefined> {
  const host = fleet.member(step.host)?.host
  if (!host) throw new HostError('unreachable', step.host, say`is not in the configuration`)
  onProgress?.({ text: step.what })
  const { cut, release } = endingOf(step, fleet, cancel)
  try {
    const { code, stderr } = await host.run(step.argv, {
      timeout: step.timeout ?? 24 * 3600_000,
      ...(step.input === undefined ? {} : { input: step.input }),
      signal: cut,
      onStderr: (text) => {
        const percent = step.progress?.(text)
        if (percent !== undefined) onProgress?.({ text: step.what, percent })
      },
    })
    return code === 0 ? undefined : (step.refusal?.(step.host, stderr) ?? plainRefusal(step, stderr))
  } finally {
    release()
  }
}

/** When a step is cut: at once; or where its host can end it in order and a person wants that, when that was of no use. */
function endingOf({ host, cancel: inOrder }: Step, fleet: Fleet, cancel: AbortSignal | undefined) {
  if (!cancel) return { cut: fleet.ending, release: () => {} }
  if (!inOrder) return { cut: AbortSignal.any([cancel, fleet.ending]), release: () => {} }
  const cut = new AbortController()
  let late: NodeJS.Timeout | undefined
  const end = () => {
    late = setTimeout(() => cut.abort(), patience.cancel)
    fleet
      .member(host)
      ?.host.run(inOrder, { timeout: patience.cancel })
      .catch(() => undefined)
  }
  cancel.addEventListener('abort', end, { once: true })
  const release = () => {
    clearTimeout(late)
    cancel.removeEventListener('abort', end)
  }
  return { cut: AbortSignal.any([cut.signal, fleet.ending]), release }
}

/** What a command said last of why it failed. */
function plainRefusal({ host, argv }: Step, stderr: string): HostError {
  const said = stderr.trim().split('\n').at(-1)?.trim()
  return new HostError('refused', host, said ? label(said) : say`${commandText(argv)} failed without a word`)
}

/** Milliseconds until a host that has said that it is not done is asked again. */
const objected = 500

/** The commands said yes; done it is when the world shows it, and its host does not object. */
async function waitFor<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: Performing,
  began: number,
): Promise<Outcome> {
  const { action, target, answers, steps } = prepared
  const seconds = options.timeout ?? action.patience
  options.onProgress?.({ text: say`waiting until it is seen` })
  let held = false
  let objection: Label | undefined
  const seen = (snapshot: Snapshot): 'done' | 'put back' | undefined => {
    const text = action.progress?.(target, answers, snapshot)
    if (text) options.onProgress?.({ text })
    if (action.settled?.(target, answers, snapshot, began)) return 'done'
    const holds = action.holds?.(target, answers, snapshot) ?? false
    if (held && !holds) return 'put back'
    held ||= holds
    return undefined
  }
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), options.signal])
    for (;;) {
      const how = await fleet.until(seen, signal)
      if (how === 'put back')
        return { kind: 'cancelled', text: say`no longer waited for: somebody has put it back meanwhile` }
      const context = { fleet, snapshot: fleet.snapshot() }
      const why = await action.objection?.(target, answers, context, signal)
      if (!why) break
      signal.throwIfAborted()
      objection = why
      options.onProgress?.({ text: why })
      await pause(objected, undefined, { signal })
    }
    return done(prepared, fleet, say`done in ${label(((fleet.now() - began) / 1000).toFixed(1))} s`)
  } catch {
    const unseen = objection ?? action.unseen?.(target, answers, fleet.snapshot())
    if (options.person.aborted) {
      const so = unseen ? say`; ${unseen}` : say``
      return {
        kind: 'cancelled',
        text: say`${whyEnded(options)}; done before: ${whatRan(steps) ?? say`nothing`}${so}`,
      }
    }
    if (options.signal.aborted) return { kind: 'unseen', text: say`no longer waited for` }
    const text = unseen ?? say`asked, but not seen after ${seconds} s`
    const next = action.next?.(target, answers, text, steps)
    return { kind: 'unseen', text, ...(next ? { next } : {}) }
  }
}
