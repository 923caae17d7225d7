import { expect, it } from 'vitest'
import { RadiusServers } from '../../../src/fleet/radius/radius-servers.ts'
import type { RadiusStatistics } from '../../../src/services/radius/facts.ts'

it('measures logins between the moments at which they were counted, which is not at each answer', () => {
  const servers = new RadiusServers(['fe1'])
  const read = (seconds: number, countedSeconds: number, accepts: number) => {
    const statistics = { accepts, rejects: 0, startTime: 0 } as RadiusStatistics
    const [at, statisticsAt] = [seconds * 1000, countedSeconds * 1000]
    servers.reading({ host: 'fe1', at, ms: 1, statistics, statisticsAt })
    return servers.records[0]?.rates?.accepts
  }
  expect(read(0, 0, 100)).toBeUndefined()
  expect([3, 4, 5].map((seconds) => read(seconds, 3, 160))).toEqual([20, 20, 20])
  expect(read(6, 6, 190)).toBe(10)
})
