import { describe, expect, it } from 'vitest'
import { label, say } from '../../../src/hosts/label.ts'
import { hostFacts } from '../../../src/views/host/facts.ts'
import { host, snapshot } from '../../support/records.ts'

const facts = (given: Parameters<typeof host>[1], now = 10_000) => {
  const one = host('a', given)
  return Object.fromEntries(hostFacts(one, snapshot([], [one]), now))
}

describe('the facts of a host', () => {
  it('say what it has, and how much of it is taken', () => {
    expect(facts({ load: 1.5, net: { in: 2048, out: 0 } })).toEqual({
      Name: 'a',
      Roles: 'hypervisor',
      State: 'up',
      Seen: 'now',
      Libvirt: 'qemu:///system, qemu',
      Running: '3/5 machines',
      CPUs: '8, 12% busy',
      Load: '1.50',
      Memory: '32.0G used of 64.0G',
      Network: '2.0K/s in, 0/s out',
      Pools: 'default',
      Networks: 'lan',
    })
  })

  it('say that it cannot tell what time it is', () => {
    const one = host('a')
    const trouble = {
      kind: 'refused',
      reason: say`its time cannot be read`,
      advice: say``,
      since: 0,
    } as const
    const clock = (kind: 'refused' | 'timeout') => {
      const clocks = [{ host: 'a', trouble: { ...trouble, kind } }]
      return Object.fromEntries(hostFacts(one, { ...snapshot([], [one]), clocks }, 10_000)).Clock
    }
    expect(clock('refused')).toBe('not known: its time cannot be read')
    expect(clock('timeout')).toBeUndefined()
  })

  it('say what is wrong with it, and how old what they say is', () => {
    const trouble = {
      kind: 'unreachable',
      reason: say`no route`,
      advice: say`check the cable`,
      since: 0,
    } as const
    expect(facts({ trouble, partial: say`no storage` }, 25_000)).toMatchObject({
      State: 'down',
      Trouble: 'no route (check the cable)',
      'Not read': 'no storage',
      Seen: 'STALE, 15 s ago',
    })
  })

  it('leave out what a host of another role has not, and what is not known', () => {
    const bonds = [{ name: label('bond0'), isUp: true, active: label('eth0'), down: [label('eth1')] }]
    const { Bonds, ...all } = facts({ roles: ['balancer'], bonds })
    expect(Bonds).toBe('bond0 up, by eth0, without eth1')
    expect(all).not.toHaveProperty('Libvirt')
    expect(all).not.toHaveProperty('Running')
    expect(all).not.toHaveProperty('Load')
  })

  it('tells what it is made of, and of parts that it has not says nothing', () => {
    const eth0 = { name: say`eth0`, isUp: true, isWireless: false, mbps: 100 }
    const wlan0 = { name: say`wlan0`, isUp: false, isWireless: true }
    const parts = {
      disks: [say`a, 500 GB`, say`b`],
      graphics: [],
      sound: [say`HDA Intel`],
      screens: [{ name: say`VGA-1` }, { name: say`DELL`, width: 1024, height: 768 }, {}],
      links: [eth0, wlan0, { ...wlan0, isUp: true }],
    }
    const told = facts({ hardware: { model: say`OptiPlex 790`, ...parts } })
    expect(told).toMatchObject({
      Model: 'OptiPlex 790',
      Disks: 'a, 500 GB; b',
      Sound: 'HDA Intel',
      Screens: 'VGA-1; DELL, 1024x768; screen',
      Links: 'eth0, 100 Mbit/s; wlan0, wireless, down; wlan0, wireless, up',
    })
    expect(told).not.toHaveProperty('Graphics')
    expect(facts({})).not.toHaveProperty('Disks')
  })
})
