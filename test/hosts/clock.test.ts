import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SteadyClock } from '../../src/hosts/clock.ts'

/** A clock on a machine whose times are set by hand. */
function machine() {
  const times = { wall: 1_000_000, monotonic: 500.25 }
  const clock = new SteadyClock({ wall: () => times.wall, monotonic: () => times.monotonic })
  return {
    clock,
    passes: (milliseconds: number) => {
      times.wall += milliseconds
      times.monotonic += milliseconds
    },
    isSet: (by: number) => {
      times.wall += by
    },
  }
}

describe('SteadyClock', () => {
  it('goes with the time of day', () => {
    const { clock, passes } = machine()
    expect(clock.now()).toBe(1_000_000)
    passes(1_500)
    expect([clock.now(), clock.wallTime(clock.now())]).toEqual([1_001_500, 1_001_500])
  })

  it('does not go back when the time of day does: nothing becomes fresher, and times are shown by the clock as it is', () => {
    const { clock, passes, isSet } = machine()
    const seen = clock.now()
    passes(10_000)
    isSet(-3_600_000)
    expect(clock.now() - seen).toBe(10_000)
    passes(5_000)
    expect(clock.now() - seen).toBe(15_000)
    expect(clock.wallTime(clock.now())).toBe(1_015_000 - 3_600_000)
    expect(clock.wallTime(seen)).toBe(1_000_000 - 3_600_000)
  })

  it('counts the time for which the machine slept', () => {
    const { clock, isSet } = machine()
    const seen = clock.now()
    isSet(3_600_000)
    expect(clock.now() - seen).toBe(3_600_000)
    expect(clock.wallTime(clock.now())).toBe(4_600_000)
  })

  it('knows since when it is asked again and again', () => {
    const { clock, passes, isSet } = machine()
    const begun = clock.now()
    for (let i = 0; i < 5; i++) {
      passes(3_000)
      expect(clock.awakeSince()).toBe(begun)
    }
    passes(3_001)
    const continued = clock.awakeSince()
    expect(continued).toBe(begun + 18_001)
    passes(1_000)
    clock.now()
    isSet(3_600_000)
    expect(clock.awakeSince()).toBe(continued + 3_601_000)
  })

  it('stays right over several steps', () => {
    const { clock, passes, isSet } = machine()
    const seen = clock.now()
    for (const by of [-60_000, 30_000, -5_000, 100_000]) {
      isSet(by)
      passes(1_000)
      clock.now()
    }
    expect(clock.now() - seen).toBe(4_000 + 130_000)
    expect(clock.wallTime(clock.now())).toBe(1_000_000 + 65_000 + 4_000)
  })

  it('gains nothing by what two readings differ in', () => {
    const { clock, passes, isSet } = machine()
    expect(clock.now()).toBe(1_000_000)
    for (let i = 0; i < 1000; i++) {
      isSet(i % 2 ? 1 : -1)
      passes(0.5)
      clock.now()
    }
    expect(clock.now()).toBe(1_000_500)
  })
})

describe('the time of day', () => {
  /** What is written down, read from a file or named by a person by it; no age is told by these. */
  const allowed = [
    'hosts/clock.ts',
    'fleet/journal/journal.ts',
    'fleet/journal/told-syslog.ts',
    'fleet/journal/upkeep.ts',
    'fleet/journal/waiting.ts',
    'cli/history.ts',
    'cli/narrow.ts',
  ]
  /** What one process wrote down, another reads: the account of sessions, and the channels and terminals of a display server. */
  const between = [
    'broker/broker.ts',
    'broker/ready.ts',
    'broker/tell-radius.ts',
    'cli/catalogue.ts',
    'cli/channel.ts',
    'cli/serve-desk.ts',
    'cli/session.ts',
    'cli/terminal.ts',
  ]

  it('is no measure of ages', () => {
    const src = resolve(import.meta.dirname, '../../src')
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.tsx?$/.test(name),
    )
    const using = files.filter((file) => readFileSync(join(src, file), 'utf8').includes('Date.now'))
    expect(using.filter((file) => ![...allowed, ...between].includes(file))).toEqual([])
  })
})
