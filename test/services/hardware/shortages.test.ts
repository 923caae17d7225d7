import { describe, expect, it } from 'vitest'
import { say } from '../../../src/hosts/label.ts'
import { enough, shortages } from '../../../src/services/hardware/shortages.ts'

const eth0 = { name: say`eth0`, isUp: true, isWireless: false }
const none = { screens: [], links: [] }
const screen = (width: number, height: number) => ({ name: say`VGA-1`, width, height })

describe('in what a terminal is too small', () => {
  it('is nothing where nothing is known, or all is enough', () => {
    expect(shortages(none)).toEqual([])
    expect(shortages({ ...none, screens: [{}, { name: say`VGA-1` }], links: [eth0] })).toEqual([])
    expect(
      shortages({
        memoryKiB: enough.memory * 1024,
        screens: [screen(enough.screen.width, enough.screen.height)],
        links: [{ ...eth0, mbps: enough.link }],
      }),
    ).toEqual([])
  })

  it.each([
    [105, true],
    [125, true],
    [enough.memory - 1, true],
    [enough.memory, false],
    [230, false],
  ])('memory: %i MiB', (mib, isSmall) => {
    const told = isSmall ? [`${mib}M of memory: use full screen, no compositing`] : []
    expect(shortages({ ...none, memoryKiB: mib * 1024 })).toEqual(told)
  })

  it.each([
    [799, 600],
    [800, 599],
    [640, 480],
  ])('a screen of %ix%i, unless there is a larger one', (width, height) => {
    const small = screen(width, height)
    expect(shortages({ ...none, screens: [small] })).toEqual([
      `a screen of ${width}x${height}: use full screen, small letters, a desktop without panels`,
    ])
    expect(shortages({ ...none, screens: [small, screen(800, 600)] })).toEqual([])
    expect(shortages({ ...none, screens: [small, { name: say`one of unknown size` }] })).toEqual([])
  })

  it('the fastest link that is up', () => {
    const told = ['eth0 at 10 Mbit/s: use no pictures as backgrounds, no animations']
    const slow = { ...eth0, mbps: 10 }
    const fast = { ...eth0, name: say`eth1`, mbps: 1000 }
    expect(shortages({ ...none, links: [slow] })).toEqual(told)
    expect(shortages({ ...none, links: [{ ...slow, mbps: 99 }] })).toHaveLength(1)
    expect(shortages({ ...none, links: [slow, { ...fast, isUp: false }] })).toEqual(told)
    expect(shortages({ ...none, links: [slow, fast] })).toEqual([])
    expect(shortages({ ...none, links: [slow, { ...eth0, name: say`wlan0`, isWireless: true }] })).toEqual([])
    expect(shortages({ ...none, links: [{ ...slow, isUp: false }] })).toEqual([])
  })
})
