import type { Command } from 'commander'
import type { Change } from '../actions/action.ts'
import { verbsOf } from '../actions/table.ts'
import { label, say } from '../hosts/label.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { exit, Failure } from './exit.ts'
import { findBalancer } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { withFleet } from './with-fleet.ts'

/** `vdd balancer …`: a verb for each action of the table. */
export function addBalancerVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('balancer').description('The balancers and their ldirectord.')
  for (const action of verbsOf('balancer')) {
    const verb = noun.command(`${action.verb} <HOST...>`).description(action.help)
    addChangeOptions(verb, action as Change<unknown>)
    verb.action(async (names: string[], options: ChangeOptions) =>
      finish(
        await withFleet(globals(), false, (fleet, snapshot) => {
          const found = [...new Set(names.map((name) => findBalancer(snapshot, name)))]
          for (const { name, trouble } of found)
            if (trouble) throw new Failure(exit.unreachable, say`${label(name)}: ${trouble.reason}`)
          return change(fleet, action, found, options)
        }),
      ),
    )
  }
}
