import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { HostError, whyOf } from '../hosts/host.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import { tenths } from '../text/duration.ts'
import type { Next, Undo } from './action.ts'
import { running } from './machine/target.ts'
import { type Prepared, prepare } from './prepare.ts'
import { recorder } from './recorder.ts'
import { type Progress, runStep, tidyUp } from './run-step.ts'
import { stateWords } from './standing.ts'
import { commandText, stepText } from './step-text.ts'
import { nameOf, presentOf, type Target } from './subjects.ts'

export interface Outcome {
  /**
   * seen on the hosts; refused by the host, or failed; commanded but not seen in time; not begun, because something forbids it now;
   * cancelled by a person or by an opposite action
   */
  readonly kind: 'done' | 'failed' | 'unseen' | 'refused' | 'cancelled'
  readonly text: Label
  readonly advice?: Label
  /** what is offered next */
  readonly next?: Next
  /** what would undo it; set once one of its commands has run */
  readonly undo?: Undo
  /** nothing was done: the host refused, or it was cancelled before it had an effect */
  readonly isNothing?: true
}

export interface CarryOutOptions {
  readonly who: Label
  readonly onProgress?: (progress: Progress) => void
  /** told before the first command: what would undo it */
  readonly onBegun?: (undo: Undo | undefined) => void
  /** cancels it; the signal's reason is a `Label` that says why */
  readonly signal?: AbortSignal
  /** cancels it too, but lets the running command finish: an opposite action has begun */
  readonly over?: AbortSignal
  /** wait until the change is seen; default true */
  readonly wait?: boolean
  /** seconds to wait for it; default: the action's patience */
  readonly timeout?: number
  /** the same for everything that was confirmed together; the journal groups by it */
  readonly batch?: string
}

/** Milliseconds: how long to look at the result of a cancelled command, and how long to wait for a fresh reading. */
const patience = { look: 2_000, fresh: 3_000 } as const

/**
 * Runs what was prepared: checks that nothing has changed, writes to the journal, runs the steps one after the other, and waits until
 * the change is seen. Never throws: the outcome says what went wrong.
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
    return { kind: 'refused', text: say`it has changed, and so would the commands; look again` }
  if (now.insists && !prepared.insists)
    return { kind: 'refused', text: say`it has changed meanwhile: ${now.insists}; look again` }
  return await begin(now, fleet, options)
}

/** Before a machine is destroyed, the hosts of the commands are read again: the name that a person typed may belong to another machine by now. */
async function lookOnceMore<T>({ target, steps }: Prepared<T>, fleet: Fleet): Promise<void> {
  const { uuid } = target as Partial<MachineRecord>
  if (!uuid) return
  const asked = fleet.now()
  const hosts = [...new Set(steps.map(({ host }) => host))]
  for (const one of hosts) fleet.lookAfresh(one, uuid)
  const areRead = ({ seenAt }: Snapshot) => hosts.every((one) => (seenAt.get(one) ?? 0) > asked) || undefined
  await fleet.until(areRead, AbortSignal.timeout(patience.fresh)).catch(() => undefined)
}

/** A step as it was confirmed. Of a diff only the removed and added lines count: another change may have moved their place in the file. */
function meant(step: Step): string {
  const changes = step.shown?.filter((line) => /^[-+]/.test(line)) ?? [step.input]
  const command = step.isOfAnyMember ? commandText(step.argv) : stepText(step)
  return [command, ...changes].join('\n')
}

async function begin<T>(prepared: Prepared<T>, fleet: Fleet, options: CarryOutOptions): Promise<Outcome> {
  const record = recorder(prepared, fleet, options.who, options.batch ?? randomUUID())
  const undo = prepared.action.undo?.(prepared.target, prepared.answers, fleet.snapshot())
  record(say`begun`, 'info', undo)
  options.onBegun?.(undo)
  // The journal is written before anything is done; a journal that cannot be written does not stop the change.
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

/** No attention is needed: it is done, or it was cancelled before it had an effect. */
function isCalm({ kind }: Outcome, ran: readonly Step[]): boolean {
  return kind === 'done' || (kind === 'cancelled' && !ran.some(({ isFelt }) => isFelt !== false))
}

interface Performing extends CarryOutOptions {
  /** any cancellation: by a person, by an opposite action, by the end of the program */
  readonly signal: AbortSignal
  /** cancellation by a person or by an opposite action */
  readonly person: AbortSignal
  /** cancellation by a person who does not want to wait for the running command */
  readonly cancel: AbortSignal | undefined
}

/** `ran`: the steps that have run are added to it. */
async function perform<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: Performing,
  ran: Step[],
): Promise<Outcome> {
  const { action, target, answers, steps } = prepared
  const began = fleet.now()
  /** what to clean up if this program is killed */
  const noted = new Map<Step, () => void>()
  /** the running command; it may have had an effect */
  let trying: Step | undefined
  try {
    for (const step of steps) {
      options.signal.throwIfAborted()
      const forget = step.tidy && fleet.leftovers?.note({ host: step.host, argv: step.tidy })
      if (forget) noted.set(step, forget)
      trying = step
      const no = await runStep(step, fleet, options)
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

/** Why it was cancelled: the person's reason, or that the program ends. */
function whyEnded({ person }: Performing): Label {
  if (!person.aborted) return say`given up`
  return typeof person.reason === 'string' ? (person.reason as Label) : say`cancelled`
}

/** How far the steps had come; `trying` was running and may have had its effect. */
interface Cut {
  readonly steps: readonly Step[]
  readonly ran: Step[]
  readonly trying: Step | undefined
}

function isUnfelt({ ran, trying }: Cut): boolean {
  return [...ran, ...(trying ? [trying] : [])].every(({ isFelt }) => isFelt === false)
}

/**
 * A cancelled command may have done its work nevertheless: a migration that was already complete has moved the machine. So the hosts are
 * read once more, and the outcome says what is known.
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
    // A machine runs in one place: once it is seen running, the other hosts need not be asked.
    const now = presentOf('machine', target, snapshot) as MachineRecord | undefined
    if (now && running(now) && isRead(now.host, snapshot)) return []
    return hosts.filter((host) => !isRead(host, snapshot))
  }
  const known = (snapshot: Snapshot) => isSettled(snapshot) || !unread(snapshot).length || undefined
  const soon = AbortSignal.timeout(patience.look)
  await fleet.until(known, soon).catch(() => undefined)
  const snapshot = fleet.snapshot()
  const state = stateWords(action.subject, target, snapshot) ?? say`gone`
  const objection = isSettled(snapshot)
    ? await action.objection?.(target, answers, { fleet, snapshot }, soon)
    : undefined
  if (objection) return { kind: 'cancelled', text: say`${why}; ${objection}` }
  if (isSettled(snapshot)) {
    // All steps count as run, so that it can be undone.
    ran.push(...steps.slice(ran.length))
    return { kind: 'cancelled', text: say`${why}, but it was done nevertheless: ${state}` }
  }
  const silent = unread(snapshot)
  if (silent.length)
    return {
      kind: 'cancelled',
      text: say`${why}; whether it was done is not known: ${label(silent.join(', '))} has not answered since`,
    }
  const text = say`${why}; now ${state}`
  // A job that its host can cancel has done nothing if nothing is seen; a guest may still shut down.
  return isUnfelt({ ...cut, trying: trying?.cancel ? undefined : trying })
    ? { kind: 'cancelled', text, isNothing: true }
    : { kind: 'cancelled', text }
}

/** What has been done before it failed: the state is not as before. */
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

function done<T>({ action, target, answers }: Prepared<T>, fleet: Fleet, how: Label): Outcome {
  const remark = action.remark?.(target, answers, fleet.snapshot())
  return { kind: 'done', text: remark ? say`${how}; ${remark}` : how }
}

/** Reads the hosts of the commands again, and the target of a migration. */
function lookAfresh<T>({ target, answers, steps }: Prepared<T>, fleet: Fleet): void {
  const { uuid } = target as Partial<MachineRecord>
  for (const host of new Set([...steps.map((step) => step.host), answers.to]))
    if (host) fleet.lookAfresh(host, uuid)
}

/** Milliseconds until a host that objected is asked again. */
const objected = 500

/** The commands succeeded. The change is done when it is seen and the host does not object. */
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
        return { kind: 'cancelled', text: say`no longer waiting: somebody has reverted it` }
      const context = { fleet, snapshot: fleet.snapshot() }
      const why = await action.objection?.(target, answers, context, signal)
      if (!why) break
      signal.throwIfAborted()
      objection = why
      options.onProgress?.({ text: why })
      await pause(objected, undefined, { signal })
    }
    return done(prepared, fleet, say`done in ${tenths(fleet.now() - began)} s`)
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
