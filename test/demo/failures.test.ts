import { afterEach, describe, expect, it } from 'vitest'
import { type Outage, outages } from '../../src/demo/outages.ts'
import { titleOf } from '../../src/fleet/incident/words.ts'
import { freeze, pass, thaw } from '../support/frozen.ts'
import { stage } from '../support/stage.tsx'

afterEach(thaw)

/** Which incidents there are so many seconds after the start. */
async function incidentsAfter(seconds: number, fail: Outage) {
  freeze()
  const { fleet, end } = stage({ fail })
  try {
    await pass(seconds * 1000)
    return fleet.snapshot().incidents.map((one) => ({
      title: titleOf(one),
      rule: one.rule,
      isOver: one.restored !== undefined,
      acted: one.acted && (one.acted.at - one.fault.at) / 1000,
      affected: one.affected,
    }))
  } finally {
    await end()
  }
}

describe('a failure of the demo', () => {
  it.each(outages)('of a %s is one incident', async (fail) => {
    const incidents = await incidentsAfter(30, fail)
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.isOver).toBe(false)
  })

  it('of a balancer is acted on by its cluster, and over when it is back', async () => {
    const incidents = await incidentsAfter(105, 'balancer')
    // A front end of the demo fails by itself then.
    const one = incidents.find(({ rule }) => rule === 'cluster')
    expect(one?.isOver).toBe(true)
    expect(one?.affected).toEqual(expect.arrayContaining(['service-ip', 'ldirectord', '10.0.0.100']))
    expect(one?.acted).toBeGreaterThan(1)
    expect(one?.acted).toBeLessThan(5)
  })

  it('of a host has the machines that are started elsewhere', async () => {
    const [one] = await incidentsAfter(40, 'host')
    expect(one?.rule).toBe('hypervisor')
    expect(one?.acted).toBeGreaterThan(10)
    expect(one?.affected).toContain('ldap-02')
  })
})
