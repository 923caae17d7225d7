import { describe, expect, it } from 'vitest'
import { tableState } from '../../src/console/table-state.ts'
import type { FrontendRecord, FrontendService } from '../../src/fleet/frontend/frontends.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { label } from '../../src/hosts/label.ts'
import { frontendSorts } from '../../src/views/frontend/sorts.ts'
import { frontendView } from '../../src/views/frontend/view.ts'
import { tableViewOf } from '../../src/views/kinds.ts'
import { host, snapshot } from '../support/records.ts'
import { worldOf } from '../support/world.ts'

function service(given: Partial<FrontendService>): FrontendService {
  const rest = { virtual: 'TCP 10.0.0.100:389', real: '10.0.0.1:389', balancer: 'lb1' }
  return { ...rest, duty: 'in service', weight: 1, active: 0, inactive: 0, ...given }
}

function frontend(name: string, ...services: readonly Partial<FrontendService>[]): FrontendRecord {
  return { address: name, name: label(name), host: name, services: services.map(service) }
}

const traffic = (connections: number) => ({ connections, packetsIn: 0, bytesIn: 1000 - connections })

/** Of each kind of trouble one, and one of which nothing is known. */
const frontends = [
  frontend('fe1', { active: 5, weight: 4, rate: traffic(2) }, { active: 5, weight: 4 }),
  frontend('fe2', { active: 7, inactive: 3, weight: 0, duty: 'maintenance', rate: traffic(9) }),
  frontend('fe10', { active: 0, weight: 1, duty: 'failed', balancer: 'lb2' }),
  frontend('none'),
]

const slapd = (name: string, given: object) => ({ host: name, role: 'consumer', replication: {}, ...given })
const answer = (ok: boolean, ms: number) => ({ reading: { check: { ok, ms }, fresh: { ok: true } } })

const shown = {
  ...snapshot(
    [],
    [
      host('fe1', { load: 0.5, cpuPercent: 10 }),
      host('fe2', { load: 2, cpuPercent: 5, roles: ['directory'] }),
      host('fe10', { load: 9, cpuPercent: 90, trouble: {} as never }),
    ],
  ),
  frontends,
  directories: [
    slapd('fe1', { ...answer(true, 2), replication: { state: 'in step' } }),
    slapd('fe2', { ...answer(true, 9), replication: { state: 'behind', since: 4_000 } }),
    slapd('fe10', answer(false, 1)),
  ],
  radius: [
    { host: 'fe1', reading: { ms: 3 } },
    { host: 'fe2', reading: { ms: 1, login: { ok: true, ms: 8 } } },
    { host: 'fe10', trouble: {} },
  ],
  processes: new Map([
    ['fe1', [{ open: 10, softLimit: 100 }]],
    ['fe2', [{ open: 20, softLimit: 1000 }]],
  ]),
} as unknown as Snapshot

const sorted = (sort: string, descending = false) =>
  frontendView.rows(worldOf(shown), { ...tableState(sort), descending }).map(({ name }) => name)

describe('front ends', () => {
  it.each([
    ['name', ['fe1', 'fe2', 'fe10', 'none']],
    ['role', ['fe2', 'fe1', 'fe10', 'none']],
    ['state', ['fe10', 'fe2', 'fe1', 'none']],
    ['weight', ['fe1', 'fe10', 'fe2', 'none']],
    ['active', ['fe1', 'fe2', 'fe10', 'none']],
    ['ldap', ['fe10', 'fe2', 'fe1', 'none']],
    ['lag', ['fe2', 'fe1', 'fe10', 'none']],
    ['radius', ['fe10', 'fe2', 'fe1', 'none']],
    ['inactive', ['fe2', 'fe1', 'fe10', 'none']],
    ['rate', ['fe2', 'fe1', 'fe10', 'none']],
    ['descriptors', ['fe1', 'fe2', 'fe10', 'none']],
    ['load', ['fe2', 'fe1', 'fe10', 'none']],
    ['cpu', ['fe1', 'fe2', 'fe10', 'none']],
    ['in', ['fe1', 'fe2', 'fe10', 'none']],
    ['balancer', ['fe1', 'fe2', 'fe10', 'none']],
  ])('by %s begin with what is looked for, and end with what is not known', (sort, names) => {
    expect(sorted(sort, frontendSorts[sort]?.highestFirst)).toEqual(names)
  })

  it('who is not seen any more is worse than all', () => {
    const balancers = [{ host: 'lb1', lastDid: new Map(), lvsTrouble: {}, lvs: { at: 1 } }]
    const world = worldOf({ ...shown, balancers } as unknown as Snapshot)
    const rows = frontendView.rows(world, tableState('state'))
    expect(rows.map(({ name }) => name)).toEqual(['fe1', 'fe2', 'fe10', 'none'])
  })

  it('turned round have what is not known at the end all the same', () => {
    expect(sorted('active', false)).toEqual(['fe10', 'fe2', 'fe1', 'none'])
  })
})

describe('what tables are sorted by', () => {
  // A gauge shows the same as the column beside it; a line of ten minutes and a remark have no order; what is old is told by its host.
  const none = ['full', 'trend', 'seen', 'uri', 'note']

  it.each(['machine', 'host', 'frontend', 'directory'] as const)(
    'are the columns of a %s, which show the order',
    (kind) => {
      const { columns, sorts } = tableViewOf(kind)
      const shownBy = columns(worldOf(shown)).map(({ id }) => id)
      expect(shownBy.filter((id) => !none.includes(id)).sort()).toEqual(Object.keys(sorts).sort())
    },
  )

  it.each(['machine', 'pool', 'frontend'] as const)('begin with a column of theirs for a %s', (kind) => {
    const { sorted, sorts } = tableViewOf(kind)
    expect(Object.keys(sorts)).toContain(sorted.by)
  })
})
