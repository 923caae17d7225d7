import { describe, expect, it } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { findFrontend, findMachine, findService } from '../../src/cli/find.ts'
import { balancedBy } from '../../src/fleet/virtual-services.ts'
import { label } from '../../src/hosts/label.ts'
import { balancer, standby } from '../support/balancers.ts'
import { uuid } from '../support/facts.ts'
import { machine, snapshot } from '../support/records.ts'

describe('findMachine', () => {
  const shown = snapshot([machine({ uuid: uuid(1), host: 'a' }), machine({ uuid: uuid(2), host: 'b' })])

  it('tells machines of one name apart by their host or UUID, and guesses nothing', () => {
    expect(() => findMachine(shown, 'web1')).toThrow('2 machines are called web1: web1@a, web1@b')
    expect(findMachine(shown, 'web1@b').uuid).toBe(uuid(2))
    expect(findMachine(shown, uuid(1)).host).toBe('a')
    expect(() => findMachine(shown, 'web1@c')).toThrow('no machine web1@c')
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
      lines: [
        'no virtual service 389 on the balancers that answer; they have none',
        'lb1 does not answer: no route',
      ],
    })
    expect(failure(() => findFrontend(shown, 'rs1'))).toMatchObject({ code: exit.unreachable })
    expect(failure(() => findService(shownOf(balancer('lb1'), standby('lb2')), '9'))).toMatchObject({
      code: exit.notFound,
      lines: ['no virtual service 9; there are TCP 10.9.0.100:80, TCP 10.9.0.100:389'],
    })
  })
})
