import { describe, expect, it } from 'vitest'
import { parseInstances, parseTold } from '../../../src/services/keepalived/parse.ts'
import { keepalived } from '../../support/fixture.ts'

describe('parseInstances', () => {
  it('reads the instances of a configuration, and nothing of its virtual servers', () => {
    expect(parseInstances(keepalived('keepalived.conf'))).toEqual([
      { name: 'VI_1', routerId: 51, priority: 130, interface: 'eth0', addresses: ['10.77.0.100'] },
    ])
  })

  it('takes braces wherever they stand, comments, and several addresses', () => {
    const text = `vrrp_sync_group G { group { VI_1 } } # both
vrrp_instance "VI 1"
{
  priority 100 ! the first
  authentication { auth_pass priority }
  virtual_ipaddress { 10.9.0.100 label eth0:1
    fd00::100/64 dev eth1
    # 10.9.0.101
  }
  virtual_routes { 10.1.0.0/16 via 10.9.0.1 }
}
vrrp_instance B { interface eth1 }`
    expect(parseInstances(text)).toEqual([
      { name: '"VI', priority: 100, addresses: ['10.9.0.100', 'fd00::100'] },
      { name: 'B', interface: 'eth1', addresses: [] },
    ])
  })

  it('is not misled by blocks that are never closed, or closed twice', () => {
    expect(parseInstances('}\n}\nvrrp_instance A { priority 5').map(({ name }) => name)).toEqual(['A'])
    expect(parseInstances('{'.repeat(50))).toEqual([])
  })
})

describe('parseTold', () => {
  it.each([
    ['master', 1796047476739],
    ['fault', 1796047585868],
    ['backup', 1796047587565],
  ])('tells of %s, and since when', (state, since) => {
    expect(parseTold(keepalived(`${state}.json`))).toEqual([
      { name: 'VI_1', state, effectivePriority: 130, since },
    ])
  })

  it('is no answer where it is half of one, and passes over what it does not know', () => {
    expect(parseTold(keepalived('master.json').slice(0, 200))).toBeUndefined()
    // A time that no date can be.
    expect(parseTold('{"vrrp": [{"data": {"iname": "A", "last_transition": 1e13}}]}')).toEqual([
      { name: 'A' },
    ])
    expect(parseTold('{"vrrp": [{"data": {"iname": "A", "state": 9, "last_transition": -1}}, 3]}')).toEqual([
      { name: 'A' },
    ])
    expect(parseTold('{}')).toBeUndefined()
  })
})
