import { setTimeout as pause } from 'node:timers/promises'
import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, say } from '../hosts/label.ts'
import { tenths } from '../text/duration.ts'
import { done, type Outcome, type Performing, whatRan, whyEnded } from './outcome.ts'
import type { Prepared } from './prepare.ts'

/** Milliseconds until a host that objected is asked again. */
const objected = 500

/** The commands succeeded. The change is done when it is seen and the host does not object. */
export async function waitFor<T>(
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
