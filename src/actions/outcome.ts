import type { Fleet } from '../fleet/fleet.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import type { Step } from '../services/step.ts'
import type { Next, Undo } from './action.ts'
import type { Prepared } from './prepare.ts'
import type { Progress } from './run-step.ts'

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

export interface Performing extends CarryOutOptions {
  /** any cancellation: by a person, by an opposite action, by the end of the program */
  readonly signal: AbortSignal
  /** cancellation by a person or by an opposite action */
  readonly person: AbortSignal
  /** cancellation by a person who does not want to wait for the running command */
  readonly cancel: AbortSignal | undefined
}

export function done<T>({ action, target, answers }: Prepared<T>, fleet: Fleet, how: Label): Outcome {
  const remark = action.remark?.(target, answers, fleet.snapshot())
  return { kind: 'done', text: remark ? say`${how}; ${remark}` : how }
}

/** Why it was cancelled: the person's reason, or that the program ends. */
export function whyEnded({ person }: Performing): Label {
  if (!person.aborted) return say`given up`
  return typeof person.reason === 'string' ? (person.reason as Label) : say`cancelled`
}

/** What has been done before it failed: the state is not as before. */
export function howFar(steps: readonly Step[], ran: readonly Step[]): Label {
  const done = whatRan(ran)
  return done ? say`; done before: ${done}; not done: ${steps[ran.length]?.what ?? say`nothing`}` : say``
}

export function whatRan(ran: readonly Step[]): Label | undefined {
  const felt = ran.filter(({ isFelt }) => isFelt !== false)
  return felt.length
    ? joined(
        felt.map(({ what, host }) => say`${what} on ${label(host)}`),
        ', ',
      )
    : undefined
}
