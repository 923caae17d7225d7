import { describe, expect, it, vi } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { complain, paceAfter } from '../../src/cli/with-fleet.ts'
import { say } from '../../src/hosts/label.ts'
import { displayServer } from '../support/displays.ts'
import { snapshot } from '../support/records.ts'

describe('a verb that waits for what it did', () => {
  it('asks every half second, and hosts that took long to answer at first less often', () => {
    expect([200, 1_400, 3_000, 6_000, 60_000].map(paceAfter)).toEqual([0.5, 0.5, 1, 2, 3])
  })
})

describe('what could not be read of a list of displays', () => {
  const trouble = { kind: 'exec', reason: say`vdd is not there`, advice: say`install it`, since: 0 } as const

  it.each([
    [{ trouble }, ['vdd: d1: displays: vdd is not there (install it)']],
    [{ reading: undefined as never }, ['vdd: d1: displays: no answer in time']],
    [{}, []],
  ])('is said, and ends with another status: %#', (given, lines) => {
    const said: string[] = []
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    const shown = { ...snapshot([], []), displays: [displayServer([], given)] }
    const statuses = [complain(shown, { about: ['displays'] }), complain(shown, { about: ['machines'] })]
    write.mockRestore()
    expect(said.map((line) => line.trimEnd())).toEqual(lines)
    expect(statuses).toEqual([lines.length ? exit.unreachable : exit.ok, exit.ok])
  })
})
