import { describe, expect, it } from 'vitest'
import { exit, Failure } from '../../src/cli/exit.ts'
import { findBalancer, findFrontend, findHost, findMachine, findService } from '../../src/cli/find.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import { label } from '../../src/hosts/label.ts'
import { balancer, standby } from '../support/balancers.ts'
import { ownedWorld } from '../support/clusters.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'

describe('findMachine', () => {
  it('says which resource it is where its cluster alone knows it', () => {
    const off = { ...ownedWorld({ state: 'shut off' }), machines: [] }
    expect(() => findMachine(off, 'mail1')).toThrow(
      'no hypervisor has mail1 now: it is the resource vm-mail1 of the cluster ha1+ha2, which starts it by "vdd cluster enable vm-mail1"',
    )
  })

  const shown = snapshot([machine({ uuid: uuid(1), host: 'a' }), machine({ uuid: uuid(2), host: 'b' })])

  it('tells machines of one name apart by their host or UUID, and guesses nothing', () => {
    expect(() => findMachine(shown, 'web1')).toThrow('2 machines are called web1: web1@a, web1@b')
    expect(findMachine(shown, 'web1@b').uuid).toBe(uuid(2))
    expect(findMachine(shown, uuid(1)).host).toBe('a')
    expect(() => findMachine(shown, 'web1@c')).toThrow('no machine web1@c')
  })
})

describe('what is not there', () => {
  const shown = snapshot(
    [
      machine({ uuid: uuid(1), name: 'exam-01', host: 'hv1' }),
      machine({ uuid: uuid(2), name: 'exam-02', host: 'hv2' }),
    ],
    [host('hv1'), host('hv2'), host('lb1', { roles: ['balancer'] })],
  )
  const lines = (work: () => unknown) => {
    try {
      return work()
    } catch (error) {
      return error instanceof Failure && { code: error.code, lines: error.lines }
    }
  }

  it.each([
    ['a machine', () => findMachine(shown, 'exam-1'), ['no machine exam-1', 'Did you mean exam-01?']],
    [
      'a machine of a host',
      () => findMachine(shown, 'exam-01@hv3'),
      ['no machine exam-01@hv3', 'Did you mean exam-01@hv1?'],
    ],
    [
      'a UUID',
      () => findMachine(shown, uuid(1).replace(/1$/, '3')),
      [`no machine ${uuid(3)}`, `Did you mean ${uuid(1)} or ${uuid(2)}?`],
    ],
    ['a host', () => findHost(shown, 'hv9'), ['no host hv9', 'Did you mean hv1 or hv2?']],
    ['a balancer', () => findBalancer(shown, 'lb2'), ['no balancer lb2', 'Did you mean lb1?']],
    [
      'a host that is no balancer',
      () => findBalancer(shown, 'hv1'),
      ['no balancer hv1', 'hv1 is a host (hypervisor)'],
    ],
  ])('%s: what was probably meant, or which verb lists them', (_what, work, expected) => {
    expect(lines(work)).toEqual({ code: exit.notFound, lines: expected })
  })
})

describe('findService and findFrontend', () => {
  const shownOf = (...balancers: Parameters<typeof balancedBy>[0]) => ({
    ...snapshot([], []),
    balancers,
    ...balancedBy(balancers, () => undefined),
  })
  const failure = (work: () => unknown) => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }

  it('do not say that there is none while a balancer does not answer', () => {
    const lvsTrouble = {
      kind: 'unreachable',
      reason: label('no route'),
      advice: label(''),
      since: 0,
    } as const
    const { ldirectord: _, ...bare } = standby('lb2')
    const shown = shownOf({ host: 'lb1', lastDid: new Map(), lvsTrouble }, bare)
    expect(failure(() => findService(shown, '389'))).toMatchObject({
      code: exit.unreachable,
      lines: ['no virtual service 389 on the balancers that answer', 'lb1 does not answer: no route'],
    })
    expect(failure(() => findFrontend(shown, 'rs1'))).toMatchObject({ code: exit.unreachable })
    const both = shownOf(balancer('lb1'), standby('lb2'))
    expect(failure(() => findService(both, '9'))).toMatchObject({
      code: exit.notFound,
      lines: ['no virtual service 9; "vdd service list" shows them'],
    })
  })
})
