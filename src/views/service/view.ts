import { lastSeenAt } from '../../fleet/aged.ts'
import { recordOf } from '../../fleet/kinds.ts'
import type { ServiceRecord } from '../../fleet/service/record.ts'
import { label, say } from '../../hosts/label.ts'
import { some } from '../../text/part.ts'
import { balancerOf } from '../balanced.ts'
import { unseenText } from '../frontend/facts.ts'
import { balancers } from '../source.ts'
import type { TableView } from '../view.ts'
import type { World } from '../world.ts'
import { serviceColumns } from './columns.ts'
import { serviceJson } from './json.ts'
import { balancersText, serviceLines } from './page.ts'
import type { ServiceRow } from './row.ts'
import { serviceHosts, serviceRows } from './rows.ts'
import { serviceSorts } from './sorts.ts'

const hitsOf = (service: ServiceRecord, { snapshot }: World) => ({
  service,
  balancer: balancerOf(service.balancer, snapshot),
})

/** The virtual services as a tree, each with the real servers that answer for it. */
export const serviceView: TableView<ServiceRecord, ServiceRow> = {
  name: say`virtual service`,
  title: say`Services`,
  group: 'frontends',
  words: ['svc'],
  key: 'T',
  help: 'Shows the virtual services as a tree, each with its real servers.',
  rows: serviceRows,
  rowId: ({ id }) => id,
  of: ({ service }) => service,
  hostsOf: serviceHosts,
  sorts: serviceSorts,
  sorted: { by: 'tree' },
  source: balancers(say`no host of the configuration is a balancer (docs/frontends.md)`),
  none: say`no virtual services on the balancers`,
  noFaults: say`every real server is in service`,
  keysFor: { list: ['service', 'frontend', 'balancer'], page: ['service', 'balancer'] },
  marks: ['service', 'frontend'],
  hits: ({ service, real }, world) => ({
    ...hitsOf(service, world),
    frontend: real && recordOf('frontend', real.address, world.snapshot),
  }),
  opens: ({ service, real }, { snapshot }) =>
    real && recordOf('frontend', real.address, snapshot)
      ? { kind: 'frontend', id: real.address }
      : { kind: 'service', id: service.name },
  columns: ({ snapshot, now }) => serviceColumns(snapshot, now),
  tone: ({ service }, { snapshot }) => (lastSeenAt([service], snapshot) === undefined ? undefined : 'stale'),
  note: ({ service }, { snapshot }) => balancersText(service, snapshot.balancers),

  json: serviceJson,
  find: (id, { snapshot }) => recordOf('service', id, snapshot),
  hitsOf,
  page: (service, { snapshot }, width) => serviceLines(service, snapshot, width),
  // `TCP 10.9.0.100:389, sed on lb1, 2 of 3 in service, 31 active connections`
  sentence: ({ name, balancer, scheduler, reals }, { snapshot, now }) => {
    const serving = reals.filter(({ weight }) => weight > 0).length
    return some([
      name,
      say`${scheduler} on ${label(balancer)}`,
      unseenText(reals, snapshot, now)?.[0] ?? say`${serving} of ${reals.length} in service`,
      say`${reals.reduce((sum, { active }) => sum + active, 0)} active connections`,
    ])
  },
}
