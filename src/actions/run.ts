import { stateText } from '../fleet/changes.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Entry } from '../fleet/journal.ts'
import type { MachineRecord, Snapshot } from '../fleet/model.ts'
import type { ServiceRecord } from '../fleet/virtual-services.ts'
import { wallTime } from '../hosts/clock.ts'
import { type Argv, HostError, whyOf } from '../hosts/host.ts'
import { joined, type Label, label, labelLines, say } from '../hosts/label.ts'
import { quote } from '../hosts/quote.ts'
import type { Step } from '../services/step.ts'
import {
  type Answers,
  type Change,
  type Next,
  permitted,
  questionsFor,
  type Risk,
  riskOf,
  type Undo,
  withDefaults,
} from './action.ts'
import { nameOf, presentOf, type Target } from './subjects.ts'

/** How far a change is. */
export interface Progress {
  readonly text: Label
  /** 0 to 100, where the command tells */
  readonly percent?: number
}

export interface Outcome {
  /** seen; refused by the host or failed; asked but not seen in time; not begun, since something forbids it now */
  readonly kind: 'done' | 'failed' | 'unseen' | 'refused'
  readonly text: Label
  readonly advice?: Label
  /** what is offered next */
  readonly next?: Next
  /** what would undo it: there when a command of it has run */
  readonly undo?: Undo
}

export interface RunOptions {
  readonly who: Label
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  /** look until the change is seen; default true */
  readonly wait?: boolean
  /** seconds to wait for it; default: the action's patience */
  readonly timeout?: number
}

/** What is about to be done: shown and confirmed as it stands here, and run so or not at all. */
export interface Prepared<T = unknown> {
  readonly action: Change<T>
  readonly target: T
  /** with the defaults of what was not asked */
  readonly answers: Answers
  readonly steps: readonly Step[]
  /** with these answers, as things stand */
  readonly risk: Risk
  /** why a yes given beforehand is not enough */
  readonly insists?: Label
  /** what it brings with it that nobody may want */
  readonly warnings: readonly Label[]
}

/** Why there is no plan; `wrong`: because of an answer, not because of how things stand. */
export interface Refused {
  readonly refused: Label
  readonly wrong?: true
}

/** Makes the plan of a change, after the checks that apply at this moment; or says why it cannot be made. */
export function prepare<T>(
  action: Change<T>,
  of: T,
  given: Answers,
  fleet: Fleet,
  together: readonly T[] = [of],
): Prepared<T> | Refused {
  const snapshot = fleet.snapshot()
  const can = permitted(action, of, { fleet, snapshot })
  if (can !== true) return { refused: can }
  const target = presentOf(action.subject, of, snapshot) ?? of
  const answers = withDefaults(action, target, given, snapshot, fleet.now())
  // What was given is looked at too where nobody would have asked.
  const asked = questionsFor(action, target, answers, snapshot)
  for (const question of action.asks.filter((one) => asked.includes(one) || given[one.id] !== undefined)) {
    const value = answers[question.id]
    if (value === undefined) return { refused: say`${question.text}: no answer`, wrong: true }
    const wrong = question.wrong?.(value, target, snapshot, fleet.now(), answers)
    if (wrong) return { refused: say`${label(question.text.replace(/\?$/, ''))}: ${wrong}`, wrong: true }
  }
  const steps = action.plan(target, answers, { fleet, snapshot })
  const risk = riskOf(action, answers, target, snapshot, together)
  if (!steps.length) return { refused: say`nothing would change` }
  const insists = action.insists?.(target, answers, snapshot, together)
  const warned = action.warns?.(target, answers, snapshot, together) ?? []
  const warnings = [...new Set([...(insists ? [insists] : []), ...warned])]
  return { action, target, answers, steps, risk, warnings, ...(insists ? { insists } : {}) }
}

/** What a person has to type before all this is done: the name, or the number of many; undefined where a yes is enough. */
export function confirmation(prepared: readonly Prepared[]): Label | undefined {
  const [only] = prepared
  if (!only || !prepared.some(({ risk }) => risk === 'destructive')) return undefined
  return prepared.length > 1 ? say`${prepared.length}` : nameOf(only.target as Target)
}

/** A step as the operator reads it: the host, and the command without the words that only fix its language. */
export function stepText(step: Step): Label {
  return say`${label(step.host)}$ ${commandText(step.argv)}`
}

/** A step with what it is fed, line by line: the XML of a definition. */
export function stepLines(step: Step): Label[] {
  const input = step.shown ?? (step.input ? labelLines(step.input.trimEnd()) : [])
  return [stepText(step), ...input.map((line) => say`  | ${line}`)]
}

export function commandText(argv: Argv): Label {
  const words = [...argv]
  if (words[0] === 'env') words.splice(0, 1 + words.slice(1).findIndex((word) => !word.includes('=')))
  return label(quote(words))
}

/**
 * Runs what was prepared: checks once more that it is still the same, writes to the journal, runs the steps one after the other,
 * and looks until the world shows it. Never throws: what went wrong is in the outcome.
 */
export async function run<T>(prepared: Prepared<T>, fleet: Fleet, options: RunOptions): Promise<Outcome> {
  const now = prepare(prepared.action, prepared.target, prepared.answers, fleet)
  if ('refused' in now) return { kind: 'refused', text: now.refused }
  if (now.steps.map(meant).join() !== prepared.steps.map(meant).join())
    return { kind: 'refused', text: say`it has changed meanwhile, and so would the commands; look again` }
  if (now.insists && !prepared.insists)
    return { kind: 'refused', text: say`it has changed meanwhile: ${now.insists}; look again` }
  return await begin(now, fleet, options)
}

/** A step as it was confirmed. Of a difference what goes and what comes: where in the file that is, another change may have moved. */
function meant(step: Step): string {
  const changes = step.shown?.filter((line) => /^[-+]/.test(line)) ?? [step.input]
  return [stepText(step), ...changes].join('\n')
}

async function begin<T>(prepared: Prepared<T>, fleet: Fleet, options: RunOptions): Promise<Outcome> {
  const journal = journalOf(prepared, fleet, options.who)
  const undo = prepared.action.undo?.(prepared.target, prepared.answers, fleet.snapshot())
  journal(say`begun`, 'info', false)
  // What is done stands in the journal before; one that cannot be written stops nobody in need.
  await fleet.journal.written()
  const signal = options.signal ? AbortSignal.any([options.signal, fleet.ending]) : fleet.ending
  const ran: Step[] = []
  const work = perform(prepared, fleet, { ...options, signal }, ran)
  const outcome = await fleet.during(work)
  journal(outcome.text, outcome.kind === 'done' ? 'info' : 'warning')
  return undo && ran.length ? { ...outcome, undo } : outcome
}

/** `ran`: gets the steps that have run. */
async function perform<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: RunOptions & { readonly signal: AbortSignal },
  ran: Step[],
): Promise<Outcome> {
  const { action, target, answers, steps } = prepared
  const began = fleet.now()
  try {
    for (const step of steps) {
      if (options.signal.aborted) throw new HostError('cancelled', step.host, say`given up`)
      await perStep(step, fleet, options)
      ran.push(step)
    }
  } catch (error) {
    await tidyUp(steps.slice(0, ran.length + 1), fleet)
    lookAfresh(prepared, fleet)
    const far = howFar(steps, ran)
    if (options.signal.aborted) return { kind: 'failed', text: say`given up${far}` }
    if (!(error instanceof HostError)) return { kind: 'failed', text: say`${whyOf(error)}${far}` }
    const { host, reason, advice } = error
    const next = action.next?.(target, answers, reason)
    return { kind: 'failed', text: say`${label(host)}: ${reason}${far}`, advice, ...(next ? { next } : {}) }
  }
  lookAfresh(prepared, fleet)
  if (options.wait === false || !action.settled) return done(prepared, fleet, say`done`)
  return await waitFor(prepared, fleet, options, began)
}

/** What has been done of something that has not come to its end: it is not as before. */
function howFar(steps: readonly Step[], ran: readonly Step[]): Label {
  const felt = ran.filter(({ isFelt }) => isFelt !== false)
  if (!felt.length) return say``
  const done = felt.map(({ what, host }) => say`${what} on ${label(host)}`)
  return say`; done before: ${joined(done, ', ')}; not done: ${steps[ran.length]?.what ?? say``}`
}

/** What cannot be taken away is left: that it failed is what has to be said. */
async function tidyUp(steps: readonly Step[], fleet: Fleet): Promise<void> {
  for (const { host, tidy } of steps)
    if (tidy)
      await fleet
        .member(host)
        ?.host.run(tidy, { timeout: 10_000 })
        .catch(() => undefined)
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

async function perStep(step: Step, fleet: Fleet, { onProgress, signal }: RunOptions): Promise<void> {
  const host = fleet.member(step.host)?.host
  if (!host) throw new HostError('unreachable', step.host, say`is not in the configuration`)
  onProgress?.({ text: step.what })
  const { code, stderr } = await host.run(step.argv, {
    timeout: step.timeout ?? 24 * 3600_000,
    ...(step.input === undefined ? {} : { input: step.input }),
    ...(signal ? { signal } : {}),
    onStderr: (text) => {
      const percent = step.progress?.(text)
      if (percent !== undefined) onProgress?.({ text: step.what, percent })
    },
  })
  if (code !== 0) throw step.refusal?.(step.host, stderr) ?? plainRefusal(step, stderr)
}

/** What a command said last of why it failed. */
function plainRefusal({ host, argv }: Step, stderr: string): HostError {
  const said = stderr.trim().split('\n').at(-1)?.trim()
  return new HostError('refused', host, said ? label(said) : say`${commandText(argv)} failed without a word`)
}

/** The commands said yes; done it is when the world shows it. */
async function waitFor<T>(
  prepared: Prepared<T>,
  fleet: Fleet,
  options: RunOptions,
  began: number,
): Promise<Outcome> {
  const { action, target, answers } = prepared
  const seconds = options.timeout ?? action.patience
  options.onProgress?.({ text: say`waiting until it is seen` })
  const limits = [AbortSignal.timeout(seconds * 1000), ...(options.signal ? [options.signal] : [])]
  try {
    const settled = (snapshot: Snapshot) => {
      const text = action.progress?.(target, answers, snapshot)
      if (text) options.onProgress?.({ text })
      return action.settled?.(target, answers, snapshot, began)
    }
    await fleet.until(settled, AbortSignal.any(limits))
    return done(prepared, fleet, say`done in ${label(((fleet.now() - began) / 1000).toFixed(1))} s`)
  } catch {
    const text = options.signal?.aborted
      ? say`no longer waited for`
      : (action.unseen?.(target, answers, fleet.snapshot()) ?? say`asked, but not seen after ${seconds} s`)
    const next = action.next?.(target, answers, text)
    return { kind: 'unseen', text, ...(next ? { next } : {}) }
  }
}

function journalOf<T>({ action, target, steps }: Prepared<T>, fleet: Fleet, who: Label) {
  const subject = target as Partial<MachineRecord & ServiceRecord> & Pick<MachineRecord, 'name'>
  const state = () => {
    const now = subject.uuid ? presentOf('machine', subject as MachineRecord, fleet.snapshot()) : undefined
    return now ? say`${stateText(now)} on ${label(now.host)}` : undefined
  }
  const before = state()
  return (outcome: Label, severity: Entry['severity'], ended = true): void => {
    const after = ended ? state() : undefined
    fleet.journal.add({
      at: wallTime(fleet.now()),
      kind: 'did',
      severity,
      host: subject.host ?? subject.balancer ?? subject.name,
      text: say`${label(action.title.toLowerCase())}${subject.balancer ? say` ${subject.name}` : say``}: ${outcome}`,
      who,
      // What a file became is told too, in the form in which that was confirmed.
      plan: steps.flatMap((step) => (step.shown ? stepLines(step) : [stepText(step)])),
      ...(subject.uuid ? { uuid: subject.uuid, name: subject.name } : {}),
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
    })
  }
}
