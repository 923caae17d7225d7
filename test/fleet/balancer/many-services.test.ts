import { describe, expect, it } from 'vitest'
import { balancerAlerts } from '../../../src/fleet/balancer/alerts.ts'
import { Balancers } from '../../../src/fleet/balancer/balancers.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { parseTable } from '../../../src/services/lvs/parse.ts'
import { weightsText } from '../../../src/views/frontend/facts.ts'
import { balancer, lvsReading } from '../../support/balancers.ts'

/** A table in the form of `ipvsadm -Ln` (fixtures/ipvsadm-1.31), of so many services. */
function tableOf(services: number): string {
  const blocks = Array.from({ length: services }, (_, i) => {
    const port = 1000 + i
    const reals = ['10.9.0.11', '10.9.0.12'].map(
      (real) => `  -> ${real}:${port}  Route   4      1          0         \n`,
    )
    return `TCP  10.9.0.100:${port} sed\n${reals.join('')}`
  })
  return `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n${blocks.join('')}`
}

describe('a balancer whose log tells of ever more real servers', () => {
  it('is remembered by the newest of them', () => {
    const all = new Balancers(['lb1'])
    const told = Array.from({ length: 2_100 }, (_, i) => `10.9.${i >> 8}.${i & 255}:389`)
    const did = (real: string) => all.did('lb1', { at: 1, kind: 'quiescent', virtual: '10.0.0.1:389', real })
    for (const real of told) did(real)
    // one that is among the oldest
    const first = '10.9.0.150:389'
    did(first)
    did('10.10.0.1:389')
    const keys = [...(all.records[0]?.lastDid.keys() ?? [])]
    expect(keys).toHaveLength(2_000)
    expect(keys).toContain(`10.0.0.1:389 ${first}`)
  })
})

it('compares a configuration with its table in a time that grows with them', () => {
  const count = 40_000
  const id = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}:389`
  const reals = Array.from({ length: count }, (_, i) => id(i))
  const [service] = parseTable(tableOf(1))
  const { ldirectord } = balancer('lb1')
  const [virtual] = ldirectord?.config?.virtuals ?? []
  if (!service || !virtual || !ldirectord?.config) throw new Error('no service')
  const there = service.reals[0]
  if (!there) throw new Error('no real server')
  const services = [{ ...service, id: virtual.id, reals: reals.map((id) => ({ ...there, id })) }]
  const configured = reals.map((id) => ({ id, forward: 'Route' as const, weight: 1, line: 1 }))
  const config = { ...ldirectord.config, virtuals: [{ ...virtual, reals: configured }] }
  const one = balancer('lb1', {
    lvs: lvsReading('lb1', 'idle', { services }),
    ldirectord: { ...ldirectord, config },
  })
  const began = performance.now()
  expect(balancedBy([one], () => undefined).frontends).toHaveLength(count)
  // A wide bound: it takes some hundred milliseconds; each compared with each took half a minute.
  expect(performance.now() - began).toBeLessThan(5_000)
})

describe('a balancer with 500 virtual services', () => {
  const services = parseTable(tableOf(500))
  const { ldirectord: _, ...without } = balancer('lb1')
  const balancers = [{ ...without, lvs: lvsReading('lb1', 'idle', { services }) }]

  it('has each of them, and two front ends that serve them all', () => {
    expect(services).toHaveLength(500)
    const frontends = balancedBy(balancers, () => undefined).frontends
    expect(frontends.map(({ services }) => services.length)).toEqual([500, 500])
    expect(frontends.map(weightsText)[0]).toMatch(/^1000,1001,.*,1499:4$/)
  })

  it('is worked through in a moment, as it is with every answer', () => {
    const began = performance.now()
    for (let i = 0; i < 10; i++)
      balancerAlerts(balancers, balancedBy(balancers, () => undefined).frontends, 10_000)
    // A wide bound: it takes some ten milliseconds each.
    expect(performance.now() - began).toBeLessThan(20_000)
  })
})
