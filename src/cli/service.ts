import type { Command } from 'commander'
import { serviceActions } from '../actions/table.ts'
import type { ServiceRecord } from '../fleet/service/record.ts'
import { label, say } from '../hosts/label.ts'
import { dash } from '../text/part.ts'
import { weightText } from '../views/frontend/facts.ts'
import { serviceView } from '../views/service/view.ts'
import { addActionVerb } from './action-verb.ts'
import { findService } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addListAndShow } from './noun.ts'
import { table, tellAmiss } from './output.ts'

/** `vdd service list`: what the balancers serve. */
export function addServiceVerbs(program: Command, finish: (code: number) => void): void {
  const noun = program.command('service').description('The virtual services of the balancers.')
  const globals = () => program.opts() as GlobalOptions
  addListAndShow(noun, globals, finish, {
    view: serviceView,
    argument: 'SERVICE',
    lists: 'Lists all virtual services, each with its real servers.',
    all: ({ services }) => services,
    find: findService,
    table: serviceTable,
    before: tellAmiss,
  })
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
