import { lastSeenAt } from '../../fleet/aged.ts'
import type { FrontendRecord } from '../../fleet/frontend/frontends.ts'
import { directoryOf, processesOf, radiusOf, sumOf } from '../../fleet/frontend/parts.ts'
import { recordOf } from '../../fleet/kinds.ts'
import { radiusConditions } from '../../fleet/radius/radius-servers.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { descriptorSeverity } from '../../fleet/supply/runs-out.ts'
import { say } from '../../hosts/label.ts'
import { some, textOf } from '../../text/part.ts'
import { balancerOf, balancersOf } from '../balanced.ts'
import { isAmiss } from '../directory/facts.ts'
import { recordRows } from '../record-rows.ts'
import { balancers } from '../source.ts'
import type { TableView } from '../view.ts'
import type { Moment, World } from '../world.ts'
import { frontendColumns } from './columns.ts'
import { dutyText, frontendNote, weightsText } from './facts.ts'
import { frontendJson } from './json.ts'
import { frontendLines } from './page.ts'
import { frontendSorts } from './sorts.ts'

/** Whether a person should look at this front end: out, not seen, answering wrongly or not at all, or short of descriptors. */
export function needsPerson(frontend: FrontendRecord, { snapshot, now }: Moment): boolean {
  const { services, host = '' } = frontend
  const directory = directoryOf(frontend, snapshot)
  const radius = radiusOf(frontend, snapshot)
  return (
    services.some(({ duty }) => duty !== 'in service') ||
    lastSeenAt(services, snapshot) !== undefined ||
    recordOf('host', host, snapshot)?.trouble !== undefined ||
    (directory !== undefined && isAmiss(directory, now)) ||
    (radius !== undefined && radiusConditions(radius, now).length > 0) ||
    processesOf(frontend, snapshot).some((one) => descriptorSeverity(one))
  )
}

const traits = {
  text: (f: FrontendRecord) =>
    `${f.name} ${f.address} ${f.services.map(({ duty, virtual }) => `${duty} ${virtual}`).join(' ')}`,
  isFault: needsPerson,
  // Behind a balancer are all that it serves.
  hostsOf: ({ host, services }: FrontendRecord, snapshot: Snapshot) => [
    ...(host === undefined ? [] : [host]),
    ...services.flatMap(({ virtual, balancer }) => balancersOf(virtual, balancer, snapshot)),
  ],
  sorts: frontendSorts,
  name: ({ name }: FrontendRecord) => name,
}

const hits = (frontend: FrontendRecord, { snapshot }: World) => ({
  frontend,
  balancer: balancerOf(frontend.services[0]?.balancer, snapshot),
})

export const frontendView: TableView<FrontendRecord> = {
  name: say`front end`,
  title: say`Front ends`,
  group: 'frontends',
  words: ['fe'],
  help: 'Shows the front ends behind the balancers.',
  ...recordRows('frontend', traits, hits),
  sorted: { by: 'name' },
  source: balancers(say`no host of the configuration is a balancer or a front end (docs/frontends.md)`),
  none: say`no virtual services on the balancers`,
  noFaults: say`all are in service, and answer rightly`,
  keysFor: { list: ['frontend', 'balancer'], page: ['frontend', 'balancer'] },
  isFor: ({ roles }) => roles.includes('balancer') || roles.includes('frontend'),
  columns: ({ snapshot, history, now }) => frontendColumns(snapshot, history, now),
  tone: ({ services }, { snapshot }) => (lastSeenAt(services, snapshot) === undefined ? undefined : 'stale'),
  note: (frontend, { snapshot, now }) => {
    const note = frontendNote(frontend, snapshot, now)
    return note && say`${frontend.name}: ${note}`
  },
  marks: ['frontend'],

  json: frontendJson,
  page: (frontend, { snapshot, now }, width) => frontendLines(frontend, snapshot, now, width),
  // `fe1, in service, 31 active connections, port:weight 389:4 1812:4`
  sentence: (frontend, { snapshot, now }) =>
    some([
      frontend.name,
      textOf(dutyText(frontend, snapshot, now)),
      say`${sumOf(frontend, ({ active }) => active)} active connections`,
      say`port:weight ${weightsText(frontend)}`,
      frontendNote(frontend, snapshot, now),
    ]),
}
