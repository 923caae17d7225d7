import { describe, expect, it } from 'vitest'
import { Incidents } from '../../../src/fleet/incident/incidents.ts'
import { Ties } from '../../../src/fleet/incident/ties.ts'
import { incidentText, titleOf } from '../../../src/fleet/incident/words.ts'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { entry, incidentsOf, members, morning, steps } from './support.ts'

const directory = (id: string) => ({ host: id, about: { kind: 'directory', id } as const })
const node = (id: string) => ({
  host: 'ha2',
  about: { kind: 'node', id: `ha1+ha2 ${id}` } as const,
  name: id,
})
const resource = (id: string) => ({
  host: 'ha2',
  about: { kind: 'resource', id: `ha1+ha2 ${id}` } as const,
  name: id,
})
const vrrp = { kind: 'resource', id: 'kl1+kl2 VRRP 51 10.79.0.120' } as const
const outOf = (text: string, severity: Entry['severity'] = 'warning') => ({
  host: 'lb1',
  text,
  severity,
  source: 'ldirectord' as const,
})
const out = '10.0.0.12:389 out of 10.0.0.100:389 (ldirectord)'
const back = '10.0.0.12:389 back in 10.0.0.100:389, weight 4 (ldirectord)'

/** A front end that fails, is taken out, and comes back. */
const frontendFails = (at: number) => [
  entry(at, 'directory.failed', directory('fe2')),
  entry(at + 2.8, 'frontend.out', outOf(out)),
  entry(at + 2.9, 'frontend.out', { ...outOf(out), host: 'lb2' }),
  entry(at + 60, 'directory.back', directory('fe2')),
  entry(at + 61.5, 'frontend.in', outOf(back, 'info')),
]

/** A node that is lost with all that it ran, and comes back. */
const nodeFails = (at: number) => [
  entry(at, 'host.lost', { host: 'ha1' }),
  entry(at + 1.9, 'node.lost', { ...node('ha1'), source: 'pacemaker' }),
  entry(at + 2.2, 'resource.moved', { ...resource('directory-ip'), text: 'went from ha1 to ha2' }),
  entry(at + 3.4, 'resource.moved', { ...resource('directory-slapd'), text: 'went from ha1 to ha2' }),
  entry(at + 40, 'host.back', { host: 'ha1' }),
  entry(at + 44, 'node.joined', { ...node('ha1') }),
]

it('an entry that a log tells better is no more than that: whoever saw it before has the same incident as who comes later', () => {
  const own = entry(5, 'node.lost', node('ha1'))
  const told = { ...entry(3, 'node.lost', { ...node('ha1'), source: 'pacemaker' }), instead: own.id }
  const all = new Incidents(new Ties(members))
  all.take([own])
  all.take([told])
  expect(all.list).toEqual(incidentsOf(told))
})

describe('an incident', () => {
  it('of a front end has its failure, who took it out when, and when it was back', () => {
    const [one, ...more] = incidentsOf(...frontendFails(10))
    expect(more).toEqual([])
    expect(one && steps(one)).toEqual({ detected: 0, acted: 2.8, settled: 2.9, restored: 61.5 })
    expect(one && incidentText(one)).toMatch(
      /^fe2: LDAP failed \d\d:\d\d:10\.0; taken out \(ldirectord\) after 2\.8 s; taken out \(ldirectord\) after 2\.9 s; back after 1 min 2 s$/,
    )
    expect(one).toMatchObject({ rule: 'frontend', open: [], times: 1, concern: { name: 'fe2' } })
  })

  it('that begins with a host that fell silent begins with what a log tells soon afterwards, as for who has the logs alone', () => {
    const told = [
      entry(10.4, 'link.lost', { host: 'ha2', source: 'corosync', raw: 'is down' }),
      entry(12.2, 'node.lost', { ...node('ha1'), source: 'pacemaker', raw: 'lost' }),
      entry(14.5, 'resource.started', { ...resource('directory-ip'), raw: 'Result of start' }),
    ]
    const silent = entry(9.7, 'host.lost', { host: 'ha1' })
    const wanted = { detected: 1.8, acted: 4.1, settled: 4.1 }
    for (const some of [told, [silent, ...told]]) {
      const [one, ...more] = incidentsOf(...some)
      expect(more).toEqual([])
      expect(one && steps(one)).toMatchObject(wanted)
    }
    // Who has it now tells nothing of when it was lost.
    const [one] = incidentsOf(silent, ...told.slice(2))
    expect(one && steps(one)).toMatchObject({ acted: 4.8 })
  })

  it('has one step of what a log tells and a look has seen later', () => {
    const [one] = incidentsOf(
      entry(1, 'node.lost', { ...node('ha1'), source: 'pacemaker', raw: 'lost' }),
      entry(3, 'resource.started', { ...resource('slapd'), raw: 'Result of start' }),
      entry(4.8, 'resource.moved', resource('slapd')),
      entry(5, 'resource.moved', resource('other')),
    )
    expect(one && steps(one)).toMatchObject({ acted: 2, settled: 4 })
    expect(one?.settled?.entry.name).toBe('other')
  })

  it('takes nothing for a way round it that is done when what failed starts again', () => {
    const [one] = incidentsOf(
      entry(1, 'host.lost', { host: 'kl1' }),
      entry(4, 'resource.started', { ...resource('VI_1'), host: 'kl2', about: vrrp, raw: 'MASTER' }),
      entry(20, 'server.started', { host: 'kl1', raw: 'Starting' }),
      entry(23, 'resource.started', { ...resource('VI_1'), host: 'kl1', about: vrrp, raw: 'MASTER' }),
      entry(25, 'host.back', { host: 'kl1' }),
    )
    expect(one && steps(one)).toMatchObject({ acted: 3, settled: 3, restored: 24 })
  })

  it('of a cluster has what its nodes and its resources did, and is over when the node is back', () => {
    const [one, ...more] = incidentsOf(...nodeFails(10))
    expect(more).toEqual([])
    expect(one && steps(one)).toEqual({ detected: 1.9, acted: 2.2, settled: 3.4, restored: 44 })
    expect(one).toMatchObject({ rule: 'cluster', affected: ['directory-ip', 'directory-slapd'] })
    expect(one && titleOf(one)).toBe('ha1: stopped answering')
  })

  it('goes on where a node is clean again, which does not say that it is back', () => {
    // As it was in the lab: a power cut of ha2, which is unclean for as long as it takes the others to agree that it is gone.
    const [one] = incidentsOf(
      entry(5.74, 'host.lost', { host: 'ha2' }),
      entry(8.7, 'node.unclean', { ...node('ha2'), severity: 'bad' }),
      entry(8.7, 'resource.stopped', { ...resource('vm-mail1'), severity: 'bad' }),
      entry(9.22, 'node.lost', { ...node('ha2'), source: 'pacemaker', raw: 'lost' }),
      entry(9.66, 'node.clean', node('ha2')),
      entry(14.2, 'resource.started', { ...resource('vm-mail1'), raw: 'Result of start' }),
      entry(14.6, 'resource.moved', resource('vm-mail1')),
    )
    expect(one && steps(one)).toMatchObject({ acted: 8.46 })
  })

  it('of hosts of machines in a cluster has their libvirt, and the machines that went elsewhere', () => {
    const about = { kind: 'machine', id: 'a-b' } as const
    const [one, ...more] = incidentsOf(
      entry(1, 'libvirt.lost', { host: 'ha1' }),
      entry(2, 'resource.failed', resource('vm-mail1')),
      entry(4, 'machine.moved', {
        host: 'ha2',
        about,
        name: 'mail1',
        text: 'moved from ha1 to ha2, running',
      }),
      entry(5, 'resource.mended', resource('vm-mail1')),
      entry(30, 'libvirt.back', { host: 'ha1' }),
    )
    expect(more).toEqual([])
    expect(one).toMatchObject({ rule: 'cluster', open: [] })
    expect(one && steps(one)).toMatchObject({ acted: 3, restored: 29 })
    expect(one && titleOf(one)).toBe('ha1: libvirt stopped answering')
  })

  it('of a pair has a failover that can take nothing over, and when it could again', () => {
    const lb = { host: 'lb1', about: { kind: 'node', id: 'lb1+lb2 lb1' } as const, name: 'lb1' }
    const [one] = incidentsOf(
      entry(1, 'failover.failed', { ...lb, source: 'keepalived' }),
      entry(2, 'address.nowhere', { host: 'lb1', text: 'nobody has 10.0.0.100' }),
      entry(9, 'failover.back', lb),
      entry(9.5, 'address.held', { host: 'lb1', text: 'lb1 has 10.0.0.100' }),
    )
    expect(one?.entries.map(({ type }) => type)).toEqual([
      'failover.failed',
      'address.nowhere',
      'failover.back',
      'address.held',
    ])
  })

  it('is open as long as anything of it fails', () => {
    const [one] = incidentsOf(...nodeFails(10).slice(0, 5))
    expect(one?.open.map(({ type }) => type)).toEqual(['node.lost'])
    expect(one?.restored).toBeUndefined()
  })

  it('of a host has the machines that run elsewhere then', () => {
    const about = { kind: 'machine', id: 'a-b' } as const
    const [one] = incidentsOf(
      entry(1, 'host.lost', { host: 'hv1' }),
      entry(9, 'machine.moved', {
        host: 'hv2',
        about,
        name: 'web1',
        text: 'moved from hv1 to hv2, running (booted)',
      }),
      entry(90, 'host.back', { host: 'hv1' }),
    )
    expect(one).toMatchObject({ rule: 'hypervisor', affected: ['web1'] })
    expect(one && steps(one)).toMatchObject({ acted: 8, restored: 89 })
  })

  it('of balancers has the address that nobody has, and who takes it', () => {
    const address = '10.0.0.100'
    const [one, ...more] = incidentsOf(
      entry(1, 'host.lost', { host: 'lb1' }),
      entry(1.5, 'address.nowhere', { host: 'lb1', text: `${address}: held by no balancer: nobody gets in` }),
      entry(3, 'address.moved', {
        host: 'lb2',
        text: `has taken the address ${address}`,
        severity: 'warning',
      }),
      entry(3, 'address.held', { host: 'lb2', text: `${address}: held by a balancer again, after 1 s` }),
      entry(60, 'host.back', { host: 'lb1' }),
    )
    expect(more).toEqual([])
    expect(one && steps(one)).toEqual({ detected: undefined, acted: 2, settled: 2, restored: 59 })
    expect(one?.affected).toEqual([address])
  })

  it('begins with its cause, where that is known', () => {
    const [one] = incidentsOf(
      entry(0.2, 'link.lost', { host: 'ha2', about: { kind: 'host', id: 'ha1' }, source: 'corosync' }),
      ...nodeFails(2).slice(1),
    )
    expect(one && steps(one)).toMatchObject({ detected: 3.7, acted: 4 })
    expect(one && titleOf(one)).toBe('ha1: out of the cluster')
  })

  it('has what people did shortly before and meanwhile', () => {
    const [one] = incidentsOf(
      entry(5, 'action.begun', { host: 'ha1', who: 'ada@console', text: 'reboot: begun' }),
      ...nodeFails(10),
    )
    expect(one?.entries[0]?.who).toBe('ada@console')
    expect(one && steps(one).detected).toBe(1.9)
  })

  it('is none where somebody takes a front end out on purpose, in whatever order that is seen', () => {
    const begins = (at: number) =>
      entry(at, 'maintenance.begun', { host: 'lb1', text: 'maintenance begins: 10.0.0.12' })
    const outAt = (at: number) => entry(at, 'frontend.out', outOf(out))
    expect(incidentsOf(begins(1), outAt(2))).toEqual([])
    expect(incidentsOf(outAt(1), begins(2))).toEqual([])
    expect(incidentsOf(outAt(1), begins(9))).toHaveLength(1)
    const about = { kind: 'frontend', id: '10.0.0.12' } as const
    expect(incidentsOf(entry(1, 'action.begun', { host: 'lb1', about, who: 'ada' }), outAt(2))).toEqual([])
  })

  it('is one while what fails comes and goes, and another one later', () => {
    const [one, ...more] = incidentsOf(...frontendFails(0), ...frontendFails(100), ...frontendFails(200))
    expect(more).toEqual([])
    expect(one?.times).toBe(3)
    expect(one && steps(one)).toMatchObject({ acted: 2.8, restored: 261.5 })
    expect(incidentsOf(...frontendFails(0), ...frontendFails(300)).map(({ times }) => times)).toEqual([1, 1])
  })

  it('of one group is none of another', () => {
    const all = incidentsOf(
      ...frontendFails(0),
      ...nodeFails(1),
      entry(2, 'directory.failed', directory('fe1')),
    )
    expect(all.map(titleOf)).toEqual(['fe2: LDAP failed', 'ha1: stopped answering', 'fe1: LDAP failed'])
  })

  it('keeps the first and the last of very many entries', () => {
    const flaps = Array.from({ length: 300 }, (_, i) => frontendFails(i * 70)).flat()
    const [one, ...more] = incidentsOf(...flaps)
    expect(more).toEqual([])
    expect(one?.entries).toHaveLength(200)
    expect(one?.omitted).toBe(1300)
    expect([one?.entries[0], one?.entries.at(-1)]).toEqual([flaps[0], flaps.at(-1)])
    expect(one?.times).toBe(300)
  })
})

describe('incidents', () => {
  const everything = [...frontendFails(0), ...nodeFails(5), ...frontendFails(600), ...nodeFails(900)]
  const now = () => new Incidents(new Ties(members))

  it('are the same however their entries come: one by one, at once, or late and in another order', () => {
    const at = now()
    at.take(everything)
    const wanted = at.list
    expect(wanted).toHaveLength(4)
    const oneByOne = now()
    for (const one of everything.toSorted((a, b) => a.at - b.at)) oneByOne.take([one])
    expect(oneByOne.list).toEqual(wanted)
    for (let late = 0; late < everything.length; late++) {
      const without = now()
      without.take(everything.filter((_, i) => i !== late))
      without.take(everything.filter((_, i) => i === late))
      expect(without.list).toEqual(wanted)
    }
    const backwards = now()
    for (const one of everything.toReversed()) backwards.take([one])
    expect(backwards.list).toEqual(wanted)
  })

  it('stay the same objects where nothing of them has changed', () => {
    const some = now()
    some.take(everything)
    const before = some.list
    some.take([entry(2_000, 'directory.failed', directory('fe1'))])
    expect(some.list.slice(1)).toEqual(before)
    expect(some.list.slice(1).every((one, i) => one === before[i])).toBe(true)
  })

  it('cost by what is new, and not by what there is', () => {
    const some = now()
    const days = Array.from({ length: 1_500 }, (_, i) => frontendFails(i * 600)).flat()
    some.take(days)
    expect(some.list).toHaveLength(1_500)
    const began = performance.now()
    for (let i = 0; i < 100; i++) some.take([entry(1e6 + i * 600, 'directory.failed', directory('fe2'))])
    // A wide bound: each of them anew from all would be half a second each.
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  it('have the notes of people, by the number of any of their entries', () => {
    const [first] = everything
    const note = entry(700, 'incident.noted', {
      host: 'fe2',
      about: { kind: 'incident', id: `${first?.id}` },
      who: 'ada',
      text: 'disk is ordered',
    })
    const [one] = incidentsOf(...everything, note)
    expect(one?.notes).toEqual([note])
    expect(one?.id).toBe(`${first?.id}`)
    expect(one?.fault.at).toBe(morning)
  })
})
