import type { Fleet } from '../fleet/fleet.ts'
import { HostError, whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { type Outcome, type Performing, whyEnded } from './outcome.ts'
import type { Prepared } from './prepare.ts'

/** Lets an action that does all of it itself do so. Never throws. */
export async function performAll<T>(
  { action, target, answers }: Prepared<T>,
  fleet: Fleet,
  options: Performing,
): Promise<Outcome> {
  const { who, signal, onProgress } = options
  const context = { fleet, snapshot: fleet.snapshot() }
  try {
    const done = await action.performs?.(target, answers, context, {
      who,
      signal,
      tell: (text, about) => onProgress?.({ text, ...(about ? { about } : {}) }),
    })
    if (!done) return { kind: 'failed', text: say`nothing was done`, isNothing: true }
    return { kind: done.isDone ? 'done' : 'unseen', text: done.text }
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled', text: whyEnded(options) }
    if (!(error instanceof HostError)) return { kind: 'failed', text: label(whyOf(error)) }
    const { host, reason, advice } = error
    return { kind: 'failed', text: say`${label(host)}: ${reason}`, advice }
  }
}
