import { describe, expect, it } from 'vitest'
import { balancerAlerts } from '../../../src/fleet/balancer/alerts.ts'
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
