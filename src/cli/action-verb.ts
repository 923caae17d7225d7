import type { Command } from 'commander'
import type { Change } from '../actions/action.ts'
import { countingFor, unansweredFor } from '../actions/frontend/common.ts'
import { nameOf, type Target } from '../actions/subjects.ts'
import { wordOf } from '../actions/table.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { say } from '../hosts/label.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import { findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { withFleet } from './with-fleet.ts'

/** A verb of one action, on objects that are named. */
export function addActionVerb<T extends Target>(
  noun: Command,
  action: Change<T>,
  argument: string,
  find: (snapshot: Snapshot, word: string) => T,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  const words = action.single ? argument.replace('...', '') : argument
  const verb = noun.command(`${wordOf(action)} ${words}`).description(action.help)
  addChangeOptions(verb, action as Change<unknown>)
  verb.action(async (given: string | string[], options: ChangeOptions) =>
    finish(
      await withFleet(globals(), false, async (fleet, snapshot) => {
        const found = [given].flat().map((word) => find(snapshot, word))
        for (const one of found) requireAnswer(one, snapshot)
        const code = await change(fleet, action, [...new Set(found)], withService(options, snapshot))
        // What is seen here is seen until somebody ends it.
        await fleet.quiet()
        return code
      }),
    ),
  )
}

/** Who serves it has to be known; that a balancer does not answer is not what forbids an action, and has its own status. */
function requireAnswer(target: Target, snapshot: Snapshot): void {
  const counting =
    'services' in target ? countingFor(target) : 'balancer' in target ? [target.balancer] : undefined
  const unanswered = counting && unansweredFor(counting, snapshot)
  if (unanswered) throw new Failure(exit.unreachable, say`${nameOf(target)}: ${unanswered}`)
}

/** A service may be named here as `service show` takes it. */
function withService(options: ChangeOptions, snapshot: Snapshot): ChangeOptions {
  const { service } = options
  if (typeof service !== 'string' || service === 'all') return options
  return { ...options, service: findService(snapshot, service).name }
}
