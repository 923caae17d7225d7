import { describe, expect, it } from 'vitest'
import { Clocks } from '../../../src/fleet/clocks/clocks.ts'
import { clockAlerts } from '../../../src/fleet/clocks/conditions.ts'
import { clockText } from '../../../src/fleet/clocks/text.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import { exactly } from '../../../src/text/duration.ts'
import { host, snapshot } from '../../support/records.ts'

/** Clocks of one host, and what is sampled of it. */
function watched(setting = () => 0) {
  const clocks = new Clocks(['a'], setting)
  const sample = (at: number, offset: number, uncertainty: number) =>
    clocks.sample({ host: 'a', at, offset, uncertainty }).map(({ severity, text }) => `${severity} ${text}`)
  const reading = () => clocks.records[0]?.reading
  return { clocks, sample, reading }
}

describe('the clock of a host', () => {
  it('that may be right is taken for right, with what it may be wrong by', () => {
    const { clocks, sample } = watched()
    sample(0, 20, 50)
    expect(clocks.here('a', 1_000)).toEqual({ at: 1_000, uncertainty: 70 })
  })

  it('is not known since it could not be read for the first time', () => {
    const { clocks } = watched()
    const error = new HostError('timeout', 'a', say`no answer`)
    for (const at of [5_000, 6_000]) clocks.failed('a', error, at)
    expect(clocks.records[0]?.trouble?.since).toBe(5_000)
  })

  it('is known by all samples together better than by any of them', () => {
    const { sample, reading } = watched()
    sample(0, 100, 50) // 50 to 150
    sample(0, 20, 40) // -20 to 60
    expect(reading()).toEqual({ at: 0, offset: 55, uncertainty: 5 })
    sample(10_000, 90, 60) // 30 to 150, and the clocks may have parted by 5 ms
    expect(reading()).toEqual({ at: 10_000, offset: 55, uncertainty: 10 })
    // One that took long tells nothing new.
    sample(10_000, 900, 5_000)
    expect(reading()).toMatchObject({ offset: 55, uncertainty: 10 })
  })

  it('was set, if the samples do not agree', () => {
    const { clocks, sample, reading } = watched()
    expect(sample(0, 20, 10)).toEqual([])
    expect(sample(10_000, -3_599_980, 10)).toEqual([
      'warning its clock was set back by 1 h 00 min',
      'bad clock 1 h 00 min behind ±0.1 s',
    ])
    expect(reading()).toMatchObject({ offset: -3_599_980, uncertainty: 10 })
    expect(clocks.records[0]?.set).toEqual({ at: 10_000, by: -3_600_000 })
    expect(sample(20_000, 20, 10)).toEqual([
      'warning its clock was set forward by 1 h 00 min',
      'info its clock is right again, after 10 s',
    ])
  })

  it('that is set by less than matters is no news', () => {
    const { sample, reading } = watched()
    sample(0, 0, 5)
    expect(sample(1_000, 500, 5)).toEqual([])
    expect(reading()).toMatchObject({ offset: 500, uncertainty: 5 })
  })

  it('was not set where the console’s own was', () => {
    let settings = 0
    const { sample, reading } = watched(() => settings)
    sample(0, 0, 5)
    settings = 1
    expect(sample(1_000, 7_200_000, 5)).toEqual(['bad clock 2 h 00 min ahead ±0.1 s'])
    expect(reading()).toMatchObject({ offset: 7_200_000 })
  })

  it('stays known while its host does not answer', () => {
    const { clocks, sample, reading } = watched()
    sample(0, 100, 5)
    clocks.failed('a', new HostError('timeout', 'a', say`no answer`), 5_000)
    expect(clocks.records[0]?.trouble).toMatchObject({ since: 5_000 })
    expect(reading()).toMatchObject({ offset: 100 })
    sample(6_000, 100, 5)
    expect(clocks.records[0]).not.toHaveProperty('trouble')
  })

  it('is what the times that it gave are corrected by', () => {
    const { clocks, sample } = watched()
    expect(clocks.here('a', 1_000)).toBeUndefined()
    sample(0, -2_000, 30)
    expect(clocks.here('a', 1_000)).toEqual({ at: 3_000, uncertainty: 30 })
    expect(clocks.here('a', 1_000, 500)).toEqual({ at: 3_000, uncertainty: 530 })
    expect(clocks.here('b', 1_000)).toBeUndefined()
  })

  it('is an alert from a second on, for certain, while its host answers', () => {
    const alerts = (offset: number, uncertainty: number, seenAt = 10_000) => {
      const { clocks, sample } = watched()
      sample(0, offset, uncertainty)
      const known = { ...snapshot([], [host('a')], { a: seenAt }), clocks: clocks.records }
      return clockAlerts(known, 10_000).map(({ severity, text }) => `${severity} ${text}`)
    }
    expect(alerts(1_050, 100)).toEqual([])
    expect(alerts(1_150, 100)).toEqual(['warning clock 1.1 s ahead ±0.1 s'])
    expect(alerts(200_000, 80)).toEqual(['warning clock 3 min 20 s ahead ±0.1 s'])
    expect(alerts(-400_000, 80)).toEqual(['bad clock 6 min 40 s behind ±0.1 s'])
    expect(alerts(-400_000, 80, 0)).toEqual([])
  })
})

describe('how far it is off, in words,', () => {
  it('is never closer than it is known', () => {
    const text = (offset: number, uncertainty: number) => clockText({ at: 0, offset, uncertainty })
    expect(text(0, 0)).toBe('right ±0.1 s')
    expect(text(49, 3)).toBe('right ±0.1 s')
    expect(text(420, 101)).toBe('0.4 s ahead ±0.2 s')
    expect(text(-420, 500)).toBe('right ±0.5 s')
    expect(exactly(59_960)).toBe('1 min 0 s')
    expect(exactly(3_599_600)).toBe('1 h 00 min')
    expect(exactly(7_320_000)).toBe('2 h 02 min')
  })
})
