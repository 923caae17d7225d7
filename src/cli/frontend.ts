import type { Command } from 'commander'
import { frontendActions, serviceActions } from '../actions/table.ts'
import type { FrontendRecord } from '../fleet/frontend/frontends.ts'
import { directoryOf, radiusOf } from '../fleet/frontend/parts.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { joined, label, say } from '../hosts/label.ts'
import { dash, textOf } from '../text/part.ts'
import { behindText } from '../views/directory/facts.ts'
import { dutyText, ldapText, radiusText, weightText } from '../views/frontend/facts.ts'
import { frontendView } from '../views/frontend/view.ts'
import { addActionVerb } from './action-verb.ts'
import { exit, Failure } from './exit.ts'
import { findFrontend, findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHistoryVerb } from './history.ts'
import { addListAndShow } from './noun.ts'
import { table, tellAmiss } from './output.ts'
import { checkHosts } from './server-check.ts'
import { withFleet } from './with-fleet.ts'

/** `vdd frontend …`: list, and a verb for each action of the table. */
export function addFrontendVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program
    .command('frontend')
    .description('The front ends behind the balancers: see, take out, put back, add, remove.')
  addListAndShow(noun, globals, finish, {
    view: frontendView,
    argument: 'FRONTEND',
    lists: 'Lists all front ends: weight and connections in each virtual service, descriptors.',
    all: ({ frontends }) => frontends,
    find: findFrontend,
    table: (_, { snapshot, now }) => frontendTable(snapshot, now),
    rates: { show: 'requests' },
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
  for (const action of frontendActions)
    addActionVerb(noun, action, '<FRONTEND...>', findFrontend, globals, finish)
  for (const action of serviceActions)
    addActionVerb(noun, action, '<SERVICE...>', findService, globals, finish)
}

/** A front end that only the balancers know has nobody who could be asked. */
function hostOf({ name, host }: FrontendRecord): string {
  if (host !== undefined) return host
  throw new Failure(exit.refused, say`${name} is no host of the configuration: it cannot be asked`)
}

function frontendTable(snapshot: Snapshot, now: number): string {
  const rows = snapshot.frontends.flatMap((frontend) => {
    const directory = directoryOf(frontend, snapshot)
    const own = [
      textOf(ldapText(directory)),
      directory ? behindText(directory, now) : dash,
      textOf(radiusText(radiusOf(frontend, snapshot))),
      descriptors(frontend, snapshot),
    ]
    if (!frontend.services.length)
      return [
        [frontend.name, dash, textOf(dutyText(frontend, snapshot, now)), dash, dash, dash, ...own, dash],
      ]
    return frontend.services.map((one) => [
      frontend.name,
      label(one.virtual),
      label(one.duty),
      weightText(one),
      say`${one.active}`,
      say`${one.inactive}`,
      ...own,
      label(one.balancer),
    ])
  })
  return table(
    [
      'NAME',
      'SERVICE',
      'STATE',
      'WEIGHT',
      'ACTIVE',
      'INACTIVE',
      'LDAP',
      'LAG',
      'RADIUS',
      'DESCRIPTORS',
      'BALANCER',
    ],
    rows,
    [3, 4, 5, 6, 7, 8],
  )
}

function descriptors({ host }: FrontendRecord, snapshot: Snapshot) {
  const processes = snapshot.processes.get(host ?? '') ?? []
  return joined(
    processes.map(
      ({ name, open, softLimit }) => say`${name} ${open ?? label('?')}/${softLimit ?? label('?')}`,
    ),
    ', ',
  )
}
