import type { Command } from 'commander'
import { serviceActions } from '../actions/table.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import { label, say } from '../hosts/label.ts'
import { lineText } from '../text/page.ts'
import { dash } from '../text/part.ts'
import { weightText } from '../views/frontend/facts.ts'
import { serviceLines } from '../views/service/page.ts'
import { serviceView } from '../views/service/view.ts'
import { addActionVerb } from './action-verb.ts'
import { findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { json, print, table, tellAmiss } from './output.ts'
import { complain, withFleet } from './with-fleet.ts'

/** `vdd service list`: what the balancers serve. */
export function addServiceVerbs(program: Command, finish: (code: number) => void): void {
  const noun = program.command('service').description('The virtual services of the balancers.')
  noun
    .command('list')
    .description('Lists all virtual services, each with its real servers.')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) =>
      finish(
        await withFleet(program.opts() as GlobalOptions, false, async (fleet, snapshot) => {
          const { services } = snapshot
          tellAmiss(snapshot)
          print(
            options.json
              ? json(services.map((one) => serviceView.json(one, { snapshot, now: fleet.now() })))
              : serviceTable(services),
          )
          return complain(snapshot)
        }),
      ),
    )
  noun
    .command('show <SERVICE>')
    .description('Shows all that is known of a virtual service.')
    .option('--json', 'as JSON')
    .action(async (word: string, options: { json?: boolean }) =>
      finish(
        await withFleet(program.opts() as GlobalOptions, false, async (fleet, snapshot) => {
          const service = findService(snapshot, word)
          if (options.json) print(json(serviceView.json(service, { snapshot, now: fleet.now() })))
          else print(serviceLines(service, snapshot, 100).map(lineText).join('\n'))
          return complain(snapshot)
        }),
      ),
    )
  const globals = () => program.opts() as GlobalOptions
  for (const action of serviceActions)
    addActionVerb(noun, action, '<SERVICE...>', findService, globals, finish)
}

function serviceTable(services: readonly ServiceRecord[]): string {
  const rows = services.flatMap((service) => {
    const own = [service.name, service.scheduler, label(service.balancer)]
    if (!service.reals.length) return [[...own, dash, dash, say`nobody`, dash, dash, dash]]
    return service.reals.map((one) => [
      ...own,
      one.name,
      label(one.real),
      label(one.duty),
      weightText(one),
      say`${one.active}`,
      say`${one.inactive}`,
    ])
  })
  const titles = [
    'SERVICE',
    'SCHEDULER',
    'BALANCER',
    'NAME',
    'REAL SERVER',
    'STATE',
    'WEIGHT',
    'ACTIVE',
    'INACTIVE',
  ]
  return table(titles, rows, [6, 7, 8])
}
