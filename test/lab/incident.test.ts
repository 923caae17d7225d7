import { expect, it } from 'vitest'
import { cutPower, isToldByLogs, powerAgain } from './failover.ts'
import { describeLab, Lab } from './lab.ts'

describeLab('an incident of a real cluster', () => {
  const lab = Lab.forThisFile('ha')

  it('has the times of a power cut and of the take-over, and is the same for a console that comes afterwards, by the logs alone', async () => {
    const pair = { hosts: ['ha1', 'ha2'], address: '10.79.0.100' } as const
    const fleet = await lab.fleet()
    try {
      const over = await powerAgain(lab, fleet, pair, await cutPower(lab, fleet, pair))
      expect(over).toMatchObject({ rule: 'cluster', times: 1 })
      await isToldByLogs(lab, pair, over)
    } finally {
      await fleet.stop()
      fleet.journal.close()
    }
  })
})
