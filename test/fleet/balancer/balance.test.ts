import { describe, expect, it } from 'vitest'
import { loadShareOf } from '../../../src/fleet/balancer/balance.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { balancer, lvsReading } from '../../support/balancers.ts'

describe('the share of a front end', () => {
  const sharesIn = (scene: string) => {
    const balancers = [balancer('lb1', { lvs: lvsReading('lb1', scene) })]
    return balancedBy(balancers, () => undefined).frontends.map(
      ({ services }) =>
        services
          .filter(({ virtual }) => virtual.endsWith(':389'))
          .map((one) => loadShareOf(one, balancers))[0],
    )
  }

  it('is what it carries, beside what its weight would give it: recorded with sed, weights 4 and 2, six connections', () => {
    const [first, second] = sharesIn('loaded')
    expect(first).toEqual({ actual: 4 / 6, fair: 4 / 6 })
    expect(second).toEqual({ actual: 2 / 6, fair: 2 / 6 })
  })

  it('is none where there are no connections', () => {
    expect(sharesIn('idle')).toEqual([undefined, undefined])
  })
})
