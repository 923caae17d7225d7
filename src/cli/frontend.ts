import type { Command } from 'commander'
import { verbsOf } from '../actions/table.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import { say } from '../hosts/label.ts'
import { addActionVerb } from './action-verb.ts'
import { exit, Failure } from './exit.ts'
import { findFrontend, findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHistoryVerb } from './history.ts'
import { addNoun } from './noun.ts'
import { tellAmiss } from './output.ts'
import { checkHosts } from './server-check.ts'
import { withFleet } from './with-fleet.ts'

/** `vdd frontend …`: list, and a verb for each action of the table. */
export function addFrontendVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'frontend', {
    description: 'The front ends behind the balancers: see, take out, put back, add, remove.',
    find: findFrontend,
    rates: { list: 'loads', show: 'requests' },
    before: tellAmiss,
  })
  noun
    .command('check [FRONTEND...]')
    .description('Asks LDAP and RADIUS of a front end as a client does, step by step.')
    .option('--json', 'as JSON')
    .action(async (words: string[], options: { json?: boolean }) =>
      finish(
        await withFleet(globals(), false, (fleet, snapshot) => {
          const hosts = words.length
            ? words.map((word) => hostOf(findFrontend(snapshot, word)))
            : snapshot.frontends.flatMap(({ host }) => host ?? [])
          return checkHosts(fleet, hosts, options.json ?? false)
        }),
      ),
    )
  addHistoryVerb(noun, globals, finish)
  for (const action of verbsOf('frontend'))
    addActionVerb(noun, action, '<FRONTEND...>', findFrontend, globals, finish)
  for (const action of verbsOf('service'))
    addActionVerb(noun, action, '<SERVICE...>', findService, globals, finish)
}

/** A front end that only the balancers know has nobody who could be asked. */
function hostOf({ name, host }: FrontendRecord): string {
  if (host !== undefined) return host
  throw new Failure(exit.refused, say`${name} is no host of the configuration: it cannot be asked`)
}
