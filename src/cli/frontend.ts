import type { Command } from 'commander'
import type { Change } from '../actions/action.ts'
import { frontendActions } from '../actions/table.ts'
import type { FrontendRecord } from '../fleet/frontends.ts'
import type { Snapshot } from '../fleet/model.ts'
import { joined, label, say } from '../hosts/label.ts'
import { type ChangeOptions, change } from './change.ts'
import { addChangeOptions } from './change-options.ts'
import { fdJson } from './fd.ts'
import { findFrontend } from './find.ts'
import type { GlobalOptions } from './open.ts'
import { json, print, table } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

/** A front end as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
function frontendJson({ name, address, host, services }: FrontendRecord, snapshot: Snapshot) {
  return {
    name,
    address,
    host: host ?? null,
    services: services.map((one) => ({
      virtual: one.virtual,
      real: one.real,
      balancer: one.balancer,
      weight: one.weight,
      configuredWeight: one.configuredWeight ?? null,
      active: one.active,
      inactive: one.inactive,
      state: one.duty,
    })),
    fds: (snapshot.processes.get(host ?? '') ?? []).map(fdJson),
  }
}

/** `vdd frontend …`: list, and a verb for each action of the table. */
export function addFrontendVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('frontend').description('the front ends behind the balancers')
  noun
    .command('list')
    .description('all front ends: weight and connections in each virtual service, descriptors')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) =>
      finish(
        await withFleet(globals(), false, async (_, snapshot) => {
          const { frontends } = snapshot
          if (options.json) print(json(frontends.map((one) => frontendJson(one, snapshot))))
          else print(frontendTable(snapshot))
          return complain(snapshot)
        }),
      ),
    )
  for (const action of frontendActions) addVerb(noun, action, globals, finish)
}

function addVerb(
  noun: Command,
  action: Change<FrontendRecord>,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  const verb = noun
    .command(`${action.verb} <frontend...>`)
    .description(action.help)
    .option('--json', 'as JSON')
  addChangeOptions(verb, action as Change<unknown>)
  verb.action(async (words: string[], options: ChangeOptions) =>
    finish(
      await withFleet(globals(), false, (fleet, snapshot) =>
        change(fleet, action, [...new Set(words.map((word) => findFrontend(snapshot, word)))], options),
      ),
    ),
  )
}

function frontendTable(snapshot: Snapshot): string {
  const rows = snapshot.frontends.flatMap((frontend) =>
    frontend.services.map((one) => [
      frontend.name,
      label(one.virtual),
      label(one.duty),
      one.configuredWeight === undefined ? say`${one.weight}` : say`${one.weight}/${one.configuredWeight}`,
      say`${one.active}`,
      say`${one.inactive}`,
      descriptors(frontend, snapshot),
      label(one.balancer),
    ]),
  )
  return table(
    ['NAME', 'SERVICE', 'STATE', 'WEIGHT', 'ACTIVE', 'INACTIVE', 'DESCRIPTORS', 'BALANCER'],
    rows,
    [3, 4, 5],
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
