import { describe, expect, it } from 'vitest'
import { Damper } from '../../../src/fleet/alerts/damper.ts'
import type { FleetEvent } from '../../../src/fleet/event.ts'
import { say } from '../../../src/hosts/label.ts'

const flap = (host: string, server?: FleetEvent['server']): FleetEvent => ({
  about: { kind: 'host', id: host },
  host,
  severity: 'bad',
  ...(server ? { server } : {}),
  text: say`something`,
})

describe('a server that comes and goes', () => {
  it('is told of ten times, then that it does so, and then no more until it has been calm', () => {
    const damper = new Damper()
    const told = Array.from({ length: 40 }, (_, i) => damper.pass([flap('rs1', 'LDAP')], i * 2_000)).flat()
    expect(told).toHaveLength(11)
    expect(told.at(-1)).toMatchObject({
      severity: 'warning',
      text: 'LDAP comes and goes: not told again until it has been calm for 5 min',
    })
    const last: FleetEvent = { ...flap('rs1', 'LDAP'), text: say`LDAP: connection refused` }
    expect(damper.pass([last], 78_000 + 299_000)).toEqual([])
    expect(damper.calmed(78_000 + 299_000 + 299_000)).toEqual([])
    const later = 78_000 + 299_000 + 301_000
    expect(damper.calmed(later).map(({ text }) => text)).toEqual([
      'LDAP: connection refused (calm for 5 min now)',
    ])
    expect(damper.calmed(later + 1_000)).toEqual([])
    expect(damper.pass([flap('rs1', 'LDAP')], later)).toEqual([flap('rs1', 'LDAP')])
    expect(damper.pass([flap('rs1', 'LDAP')], later + 1_000)).toEqual([flap('rs1', 'LDAP')])
  })

  it('hides nothing else: not its other server, not other hosts, not machines', () => {
    const damper = new Damper()
    for (let i = 0; i < 20; i++) damper.pass([flap('rs1', 'LDAP')], i)
    const others = [flap('rs1', 'RADIUS'), flap('rs2', 'LDAP'), flap('rs1')]
    expect(damper.pass(others, 30)).toEqual(others)
    for (let i = 0; i < 50; i++) expect(damper.pass([flap('a')], i)).toHaveLength(1)
  })

  it('is told of although the clock was put back meanwhile', () => {
    const damper = new Damper()
    for (let i = 0; i < 20; i++) damper.pass([flap('rs1', 'LDAP')], 3_600_000 + i)
    const told = Array.from({ length: 8 }, (_, i) => damper.pass([flap('rs1', 'LDAP')], i * 400_000))
    expect(told.flat()).toHaveLength(8)
  })

  it('that fails ten times in an hour is told of each time', () => {
    const damper = new Damper()
    for (let i = 0; i < 50; i++) expect(damper.pass([flap('rs1', 'LDAP')], i * 60_000)).toHaveLength(1)
  })
})
