import type { TellerRecord } from '../../../src/fleet/cluster/record.ts'
import { keepalivedTelling } from '../../../src/fleet/cluster/telling.ts'
import type { Fleet } from '../../../src/fleet/fleet.ts'
import { kinds } from '../../../src/fleet/kinds.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label } from '../../../src/hosts/label.ts'
import { clusterWorld } from '../../support/clusters.ts'
import { host } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'
import { lb1, lb2, rs2Out, world } from './balanced.ts'
import type { Case, Table } from './side.ts'

// What may be broken on purpose, and where.

/** rs1 and rs2 with their slapds, which answer. */
function served(...balancers: Parameters<typeof world>[0]): Snapshot {
  const names = ['rs1', 'rs2']
  return {
    ...world(balancers),
    processes: new Map(names.map((name) => [name, [{ name: label('slapd'), pid: 612 }]])),
    directories: names.map((name) => ({ host: name, reading: { check: { ok: true } } })),
  } as unknown as Snapshot
}

/** A fleet in which load can be put on LDAP; where drills are allowed, or not. */
function loaded(snapshot: Snapshot, drills = true): Fleet {
  const clients = { ports: {}, ldap: () => ({}) }
  const member = () => ({ config: { address: '10.0.0.21' }, clients })
  return Object.assign(new StillFleet(snapshot, { drills }), { member }) as unknown as Fleet
}

const frontend = (what: string, snapshot: Snapshot, is?: unknown, drills = true): Case => ({
  what,
  target: kinds.frontend.all(snapshot).find(({ name }) => name === 'rs1'),
  snapshot,
  fleet: loaded(snapshot, drills),
  ...(is === undefined ? {} : { is }),
})

function teller(self: string, isHere: boolean): TellerRecord {
  const instance = { name: 'VI_1', routerId: 51, priority: 100, addresses: ['10.0.0.100'], isHere }
  const keepalived = { self: label(self), isRunning: true, isTold: true, instances: [instance] }
  const reading = keepalivedTelling({ host: self, at: 10_000, took: 40, keepalived })
  return { host: self, manager: 'keepalived', reading }
}

/** A pair under keepalived, of which kl1 has the address. */
const pair: Snapshot = {
  ...clusterWorld({}),
  hosts: ['kl1', 'kl2'].map((name) => host(name, { roles: ['keepalived', 'balancer'] })),
  clusters: [teller('kl1', true), teller('kl2', false)],
}
const balancer = (what: string, name: string, is?: unknown): Case => ({
  what,
  target: kinds.host.all(pair).find((one) => one.name === name),
  snapshot: pair,
  fleet: loaded(pair),
  ...(is === undefined ? {} : { is }),
})

const online = clusterWorld({ scene: 'online' })
const node = (what: string, name: string, is?: unknown): Case => ({
  what,
  target: kinds.node.all(online).find((one) => one.name === name),
  snapshot: online,
  ...(is === undefined ? {} : { is }),
})
const holder = kinds.node.all(online).find(({ runs }) => runs > 1)?.name ?? ''
const notAllowed = 'this cluster says nowhere that drills are allowed (drills: allowed in the configuration)'

export const drillSides: Table = {
  drillfrontend: {
    available: {
      holds: [frontend('of one beside which another serves', served(lb1(), lb2()))],
      not: [
        frontend(
          'of the last one',
          served(lb1(rs2Out), lb2()),
          'nobody else serves TCP 10.9.0.100:389 now: without rs1 nobody gets in',
        ),
        frontend('where drills are not allowed', served(lb1(), lb2()), notAllowed, false),
      ],
    },
  },
  drillbalancer: {
    available: {
      holds: [balancer('of the one that has the address', 'kl1')],
      not: [balancer('of the other', 'kl2', 'kl2 has nothing that others would take')],
    },
  },
  drillnode: {
    available: {
      holds: [node('of the one that has something', holder)],
      not: [
        {
          ...node('on a console that is read-only', holder, 'this console is read-only'),
          fleet: new StillFleet(online, { readOnly: true, drills: true }),
        },
      ],
    },
  },
}
