import type { Command } from 'commander'
import type { Change } from '../actions/action.ts'
import type { Target } from '../actions/subjects.ts'
import type { Snapshot } from '../fleet/model.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { findService } from './find.ts'
import type { GlobalOptions } from './open.ts'
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
  const verb = noun.command(`${action.verb} ${words}`).description(action.help).option('--json', 'as JSON')
  addChangeOptions(verb, action as Change<unknown>)
  verb.action(async (given: string | string[], options: ChangeOptions) =>
    finish(
      await withFleet(globals(), false, (fleet, snapshot) => {
        const found = [given].flat().map((word) => find(snapshot, word))
        return change(fleet, action, [...new Set(found)], withService(options, snapshot))
      }),
    ),
  )
}

/** A service may be named here as `service show` takes it. */
function withService(options: ChangeOptions, snapshot: Snapshot): ChangeOptions {
  const { service } = options
  if (typeof service !== 'string' || service === 'all') return options
  return { ...options, service: findService(snapshot, service).name }
}
