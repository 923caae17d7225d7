import { describe, expect, it } from 'vitest'
import { alertsOf } from '../../src/fleet/alerts/alerts.ts'
import {
  hitAtHosts,
  hitAtServices,
  hitInSessions,
  hitOnMachines,
  hitText,
  hitTexts,
} from '../../src/fleet/hit.ts'
import { sessionsAt } from '../../src/fleet/session/record.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import { say } from '../../src/hosts/label.ts'
import { lb1, lb2, rs1, rs2, world } from '../actions/sides/balanced.ts'
import { channels, displayServer } from '../support/displays.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { seen } from '../support/sight.ts'

const anna = seen()
const bruno = seen(
  {
    id: 'bbbbbb',
    display: 13,
    terminal: { name: 'term7', display: ':0' },
    machine: { name: 'web2', address: 'web2' },
  },
  { user: 'bruno', uid: 1004 },
)
const machines = [
  machine(),
  machine({ name: 'web2', uuid: uuid(2), host: 'b' }),
  machine({ name: 'rs1', uuid: uuid(3) }),
  machine({ name: 'lb1', uuid: uuid(4), host: 'b' }),
]
const load = { [rs1.ldap]: { active: 3 }, [rs2.ldap]: { active: 4 } }

/** web1, on which anna works from d1, and the front end rs1 are on a; web2 with bruno, and the balancer lb1, on b. */
const all: Snapshot = {
  ...world([lb1(load), lb2()]),
  ...{ machines, hosts: [host('a'), host('b'), host('d1', { roles: ['display'] })] },
  displays: [displayServer(channels(anna, bruno))],
}

describe('what goes on', () => {
  const text = (...names: string[]) => hitText(hitAtHosts(names, all))

  it('on a host goes on at all machines there, and at what these are themselves', () => {
    expect(text('a')).toBe('1 person: anna (term3); 3 open connections')
    expect(text('b')).toBe('1 person: bruno (term7); 7 open connections')
  })

  it('is counted once of several', () => {
    expect(text('a', 'b')).toBe('2 people: anna (term3), bruno (term7); 7 open connections')
  })

  it('on a display server is all who sit at it', () => {
    expect(text('d1')).toBe('2 people: anna (term3), bruno (term7)')
    const virtual = { ...all, machines: [machine({ name: 'd1', uuid: uuid(9), host: 'c' })] }
    expect(hitText(hitAtHosts(['c'], virtual))).toBe('2 people: anna (term3), bruno (term7)')
    expect(hitText(hitOnMachines(virtual.machines, virtual))).toBe('2 people: anna (term3), bruno (term7)')
  })

  it('is nothing where nobody is known to be', () => {
    expect(text('c')).toBeUndefined()
  })

  it('does not go round for ever, where a machine is called as its host', () => {
    const odd = { ...all, machines: [machine({ host: 'web1' })] }
    expect(hitText(hitAtHosts(['web1'], odd))).toBe('1 person: anna (term3)')
  })

  it('is told by what is felt of it', () => {
    const told = (felt: Parameters<typeof hitTexts>[1], name = 'a') =>
      hitTexts(hitAtHosts([name], all), felt, false)
    expect(told('ends')).toEqual(['1 person is working on it: anna (term3)', '3 open connections are cut'])
    expect(told('stumbles')[1]).toBe('3 open connections stand still meanwhile')
    // Whether they are cut, the other balancer decides.
    expect(told('ends', 'b')[1]).toBe('7 open connections go through it')
  })

  it('is told in the number of those whom it hits', () => {
    const told = (hit: Partial<Parameters<typeof hitTexts>[0]>, many = false) =>
      hitTexts({ ...hitInSessions([]), ...hit }, 'ends', many)
    const both = sessionsAt(displayServer(channels(anna, bruno)))
    const again = sessionsAt(displayServer(channels(anna, seen({ id: 'cccccc' }))))
    expect(told({})).toEqual([])
    expect(told({ sessions: both }, true)).toEqual([
      '2 people are working on them: anna (term3), bruno (term7)',
    ])
    expect(told({ sessions: again })).toEqual(['1 person is working on it: anna (term3)'])
    expect(told({ open: 1, through: 1 })).toEqual([
      '1 open connection is cut',
      '1 open connection goes through it',
    ])
    expect(told({ silent: ['d1', 'd2'] }, true)).toEqual([
      'not known who works on them: d1, d2 cannot be asked',
    ])
    expect(hitText({ ...hitInSessions(both), open: 1, through: 2 })).toBe(
      '2 people: anna (term3), bruno (term7); 3 open connections',
    )
    expect(hitText({ ...hitInSessions([]), through: 1 })).toBe('1 open connection')
  })

  it('is told of one connection', () => {
    const one = hitAtServices([{ active: 1 }, { active: 0 }])
    const told = (['ends', 'stumbles', 'goes on', 'hangs'] as const).flatMap((felt) =>
      hitTexts(one, felt, false),
    )
    expect(told).toEqual([
      '1 open connection is cut',
      '1 open connection stands still meanwhile',
      '1 open connection goes on to its end',
      '1 open connection hangs: it gets no answer, and no end',
    ])
    const several = hitTexts(hitAtServices([{ active: 1 }, { active: 2 }]), 'hangs', false)
    expect(several).toEqual(['3 open connections hang: they get no answer, and no end'])
  })

  it('is not known of display servers that do not answer, or never did', () => {
    const [server] = all.displays
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 0 } as const
    const displays = [
      { ...displayServer([]), host: 'd2', trouble },
      { host: 'd3', displays: [] },
      ...(server ? [server] : []),
    ]
    expect(hitAtHosts(['c'], { ...all, displays }).silent).toEqual(['d2', 'd3'])
    expect(hitAtHosts(['c'], all).silent).toEqual([])
  })
})

describe('an alert', () => {
  const trouble = { kind: 'unreachable', reason: say`no route`, advice: say``, since: 0 } as const
  const hits = (snapshot: Snapshot) =>
    alertsOf(snapshot, 10_000).flatMap(({ name, hit }) => (hit ? [`${name}: ${hit}`] : []))

  it('of a host that does not answer tells who was on its machines', () => {
    const hosts = [host('a', { reachable: false, trouble }), host('b')]
    expect(hits({ ...snapshot(machines, hosts), displays: all.displays })).toEqual([
      'a: 1 person: anna (term3)',
    ])
  })

  it('of a host whose libvirt alone is silent tells of nobody: they work on', () => {
    const hosts = [host('a', { reachable: false, trouble: { ...trouble, hostAnswers: true } }), host('b')]
    expect(hits({ ...snapshot(machines, hosts), displays: all.displays })).toEqual([])
  })

  it('of a machine that crashed tells who was on it', () => {
    const crashed = [machine({ state: 'crashed' })]
    expect(hits({ ...snapshot(crashed), displays: all.displays })).toEqual(['web1: 1 person: anna (term3)'])
  })

  it('of a front end that failed tells what is open there', () => {
    const failed = {
      ...lb1(load),
      lastDid: new Map([['10.9.0.100:389 10.9.0.11:389', { at: 0, kind: 'quiescent' as const }]]),
    }
    const out = { ...failed, lvs: lb1({ ...load, [rs1.ldap]: { weight: 0, active: 3 } }).lvs as never }
    expect(hits(world([out, lb2()]))).toEqual(['rs1: 3 open connections'])
  })
})
