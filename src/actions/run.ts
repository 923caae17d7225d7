import { stateText } from '../fleet/changes.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Entry, NewEntry } from '../fleet/journal.ts'
import type { MachineRecord } from '../fleet/model.ts'
import { type Argv, HostError } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { quote } from '../hosts/quote.ts'
import { refusal } from '../services/libvirt/refusal.ts'
import type { Step } from '../services/step.ts'
import {
  type Action,
  type Answers,
  type Change,
  type Next,
  permitted,
  questionsFor,
  withDefaults,
} from './action.ts'

/** How far a change is. */
export interface Progress {
  readonly text: Label
  /** 0 to 100, where the command tells */
  readonly percent?: number
  /** the command that ends it early, where there is one */
  readonly abort?: Step
}

export interface Outcome {
  readonly ok: boolean
  readonly text: Label
  readonly advice?: Label
  /** what is offered next */
  readonly next?: Next
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

/** What an action is about to do: the plan, or why it cannot be made. */
export type Prepared =
  | { readonly steps: readonly Step[]; readonly answers: Answers }
  | { readonly refused: Label }

/** Makes the plan of a change, after the checks that apply at this moment. */
export function prepare<T>(action: Change<T>, target: T, given: Answers, fleet: Fleet): Prepared {
  const snapshot = fleet.snapshot()
  const can = permitted(action as never, target, { fleet, snapshot })
  if (can !== true) return { refused: can }
  const answers = withDefaults(action, target, given, snapshot, fleet.now())
  for (const question of questionsFor(action, target, answers, snapshot)) {
    const value = answers[question.id]
    if (value === undefined) return { refused: say`${question.text}: no answer` }
    const wrong = question.wrong?.(value, target, snapshot, fleet.now())
    if (wrong) return { refused: say`${question.text} ${wrong}` }
  }
  const steps = action.plan(target, answers, { fleet, snapshot })
  return steps.length ? { steps, answers } : { refused: say`nothing would change` }
}

/** A step as the operator reads it: the host, and the command without the words that only fix its language. */
export function stepText(step: Step): Label {
  return say`${label(step.host)}$ ${commandText(step.argv)}`
}

export function commandText(argv: Argv): Label {
  const words = [...argv]
  if (words[0] === 'env') words.splice(0, 1 + words.slice(1).findIndex((word) => !word.includes('=')))
  return label(quote(words))
}

/**
 * Runs a change: checks once more, writes to the journal, runs the steps one after the other, and looks until the world
 * shows it. Never throws: what went wrong is in the outcome.
 */
export async function run<T extends { readonly name: string }>(
  action: Change<T>,
  target: T,
  given: Answers,
  fleet: Fleet,
  options: RunOptions,
): Promise<Outcome> {
  const prepared = prepare(action, target, given, fleet)
  if ('refused' in prepared) return { ok: false, text: prepared.refused }
  const { steps, answers } = prepared
  const journal = journalOf(action, target, steps, fleet, options.who)
  journal(say`begun`, 'info', false)
  const outcome = await perform(action, target, answers, steps, fleet, options)
  journal(outcome.text, outcome.ok ? 'info' : 'warning')
  return outcome
}

async function perform<T>(
  action: Change<T>,
  target: T,
  answers: Answers,
  steps: readonly Step[],
  fleet: Fleet,
  options: RunOptions,
): Promise<Outcome> {
  const began = fleet.now()
  const failed = (error: HostError): Outcome => {
    const next = action.next?.(target, answers, error.reason)
    return {
      ok: false,
      text: say`${label(error.host)}: ${error.reason}`,
      advice: error.advice,
      ...(next ? { next } : {}),
    }
  }
  try {
    for (const step of steps) await perStep(step, fleet, options)
  } catch (error) {
    lookAtAll(fleet, target)
    if (error instanceof HostError) return failed(error)
    return { ok: false, text: label(error instanceof Error ? error.message : String(error)) }
  }
  lookAtAll(fleet, target)
  if (options.wait === false || !action.settled) return { ok: true, text: say`done` }
  return await waitFor(action, target, answers, fleet, options, began)
}

/** A change may show on another host than its own: the target of a migration. */
function lookAtAll(fleet: Fleet, target: unknown): void {
  const uuid = (target as Partial<MachineRecord>).uuid
  for (const { name } of fleet.snapshot().hosts) fleet.lookAfresh(name, uuid)
}

async function perStep(step: Step, fleet: Fleet, { onProgress, signal }: RunOptions): Promise<void> {
  const host = fleet.member(step.host)?.host
  if (!host) throw new HostError('unreachable', step.host, say`is not in the configuration`)
  const { abort, what } = step
  const common = { text: what, ...(abort ? { abort } : {}) }
  onProgress?.(common)
  const { code, stderr } = await host.run(step.argv, {
    timeout: step.timeout ?? 24 * 3600_000,
    ...(step.input === undefined ? {} : { input: step.input }),
    ...(signal ? { signal } : {}),
    onStderr: (text) => {
      const percent = step.progress?.(text)
      if (percent !== undefined) onProgress?.({ ...common, percent })
    },
  })
  if (code !== 0) throw refusal(step.host, stderr)
}

/** The commands said yes; done it is when the world shows it. */
async function waitFor<T>(
  action: Change<T>,
  target: T,
  answers: Answers,
  fleet: Fleet,
  options: RunOptions,
  began: number,
): Promise<Outcome> {
  const seconds = options.timeout ?? action.patience
  options.onProgress?.({ text: say`waiting until it is seen` })
  const limits = [AbortSignal.timeout(seconds * 1000), ...(options.signal ? [options.signal] : [])]
  try {
    await fleet.until((snapshot) => action.settled?.(target, answers, snapshot), AbortSignal.any(limits))
    return {
      ok: true,
      text: say`done in ${label(((fleet.now() - began) / 1000).toFixed(1))} s`,
    }
  } catch {
    const text = options.signal?.aborted
      ? say`no longer waited for`
      : say`asked, but not seen after ${seconds} s`
    const next = action.next?.(target, answers, text)
    return { ok: false, text, ...(next ? { next } : {}) }
  }
}

/** Runs the command that ends a running step early. */
export async function abort(step: Step, fleet: Fleet): Promise<void> {
  await perStep(step, fleet, { who: say`` })
}

function journalOf<T extends { readonly name: string }>(
  action: Action | Change<T>,
  target: T,
  steps: readonly Step[],
  fleet: Fleet,
  who: Label,
) {
  const machine = 'uuid' in target ? (target as unknown as MachineRecord) : undefined
  const state = () => {
    const now = machine && fleet.snapshot().machines.find(({ uuid }) => uuid === machine.uuid)
    return now ? say`${stateText(now)} on ${label(now.host)}` : undefined
  }
  const before = state()
  return (outcome: Label, severity: Entry['severity'], ended = true): void => {
    const after = ended ? state() : undefined
    const entry: NewEntry = {
      at: fleet.now(),
      kind: 'did',
      severity,
      host: machine?.host ?? target.name,
      text: say`${label(action.title.toLowerCase())}: ${outcome}`,
      who,
      plan: steps.map(stepText),
      outcome,
      ...(machine ? { uuid: machine.uuid, name: machine.name } : {}),
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
    }
    fleet.journal.add(entry)
  }
}
