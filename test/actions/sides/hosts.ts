import type { HostRecord } from '../../../src/fleet/host/record.ts'
import { poolsOf } from '../../../src/fleet/pool/record.ts'
import { host, machine, snapshot } from '../../support/records.ts'
import type { Case, Table } from './side.ts'

type Given = Parameters<typeof host>[1]

function on(
  what: string,
  given: Given = {},
  rest: Pick<Case, 'answers' | 'is'> & { readonly machines?: Parameters<typeof machine>[0][] } = {},
): Case {
  const target: HostRecord = host('a', given)
  const { machines = [], ...more } = rest
  return { what, target, snapshot: snapshot(machines.map(machine), [target, host('b')]), ...more }
}

/** A new machine with a disk of so many GiB, on a host whose only pool has 20 GiB free. */
function inPool(what: string, disk: string, rest: Pick<Case, 'is'> = {}): Case {
  const one = on(what, {}, { answers: { vcpus: '1', memory: '1G', disk, pool: 'default' }, ...rest })
  const sizes = [{ rawName: 'default', at: 0, capacity: 100 * 2 ** 30, available: 20 * 2 ** 30 }]
  return { ...one, snapshot: { ...one.snapshot, pools: new Map([['a', poolsOf('a', sizes)]]) } }
}

const isHypervisor = {
  holds: [on('on a hypervisor that answers')],
  not: [
    on('on a balancer', { roles: ['balancer'] }, { is: 'it is no hypervisor' }),
    on('on one that does not answer', { reachable: false }, { is: 'it does not answer' }),
  ],
} as const

const xml = '<domain type="qemu"><name>new1</name><memory>1024</memory></domain>'

export const hostSides: Table = {
  create: {
    available: {
      holds: isHypervisor.holds,
      not: [
        ...isHypervisor.not,
        on(
          'before it is known what it can run',
          { virtType: undefined as never },
          {
            is: 'it is not known yet what it can run',
          },
        ),
      ],
    },
    settled: {
      holds: [on('when it is there', {}, { answers: { name: 'new1' }, machines: [{ name: 'new1' }] })],
      not: [
        on('while nothing is there', {}, { answers: { name: 'new1' } }),
        on('while only another is', {}, { answers: { name: 'new1' }, machines: [{ name: 'new10' }] }),
        on(
          'when one of its name is elsewhere',
          {},
          {
            answers: { name: 'new1' },
            machines: [{ name: 'new1', host: 'b' }],
          },
        ),
      ],
    },
    warns: {
      holds: [
        on(
          'of more CPUs than it has',
          {},
          {
            answers: { vcpus: '9', memory: '1G' },
            is: ['a has 8 CPUs: 9 vCPUs are more'],
          },
        ),
        on('of more memory', {}, { answers: { vcpus: '1', memory: '65G' } }),
        inPool('of a disk that is larger than what its pool has free', '21', {
          is: ['default has 20.0G free, and a disk of 21.0G can outgrow that'],
        }),
      ],
      not: [
        on('of what it has', {}, { answers: { vcpus: '8', memory: '64G' } }),
        inPool('of a disk for which there is room', '20'),
      ],
    },
  },
  define: {
    available: isHypervisor,
    settled: {
      holds: [
        on('when it is there', {}, { answers: { xml }, machines: [{ name: 'new1' }] }),
        on(
          'when it is defined there, and runs elsewhere',
          {},
          {
            answers: { xml },
            machines: [{ name: 'new1', host: 'b', alsoOn: ['a'] }],
          },
        ),
      ],
      not: [
        on('while nothing is there', {}, { answers: { xml } }),
        on(
          'when one of its name is elsewhere',
          {},
          { answers: { xml }, machines: [{ name: 'new1', host: 'b' }] },
        ),
        on('when only another is there', {}, { answers: { xml }, machines: [{ name: 'other' }] }),
      ],
    },
  },
}
