import { describe, expect, it } from 'vitest'
import { prepare } from '../../../src/actions/prepare.ts'
import { move } from '../../../src/actions/session/move.ts'
import { type SessionRecord, sessionsOf } from '../../../src/fleet/session/record.ts'
import { channels, displayServer } from '../../support/displays.ts'
import { host, snapshot } from '../../support/records.ts'
import { seen } from '../../support/sight.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const at = (id: string, terminal: string, display: string, given: Parameters<typeof seen>[1] = {}) =>
  seen({ id, keep: true, terminal: { name: terminal, display } }, given)

/** A session of anna at term3; she has others there and at term7, on another display server one at term9, and bruno one at term8. */
const here = displayServer(
  channels(
    at('k7q2mz', 'term3', ':0'),
    at('aaaaaa', 'term3', ':0'),
    at('bbbbbb', 'term7', 'term7:0'),
    at('cccccc', 'term7', 'term7:0'),
    at('dddddd', 'term8', 'term8:0', { user: 'bruno', uid: 1004 }),
  ),
)
const there = displayServer(
  channels(at('eeeeee', 'term9', 'term9:0')).map((one) => ({ ...one, id: `d2 ${one.id}`, host: 'd2' })),
  { host: 'd2' },
)
const shown = {
  ...snapshot([], [host('d1', { roles: ['display'] }), host('d2', { roles: ['display'] })]),
  displays: [here, there],
}
const [session] = sessionsOf(shown) as [SessionRecord]
const fleet = new StillFleet(shown)

describe('a session is moved', () => {
  it('to where its user has something open on the same server, each terminal named once, and not to where it is', () => {
    expect(move.asks[0]?.choices?.(session, shown, 10_000, {}, [session])).toEqual([
      { value: 'term7:0', title: 'term7', note: 'term7:0' },
    ])
  })

  it.each([
    ['where somebody else sits', 'term8:0'],
    ['where they sit on another server', 'term9:0'],
    ['where it is', ':0'],
    ['where nobody is known to sit', 'term5:0'],
  ])('not to %s', (_what, to) => {
    expect(prepare(move, session, { to }, fleet)).toMatchObject({
      refused: expect.stringContaining('anna is not known to sit there'),
    })
  })

  it('to a terminal by its name, as lists have it, where that has one display of theirs', () => {
    const steps = (to: string, of = shown) => {
      const prepared = prepare(move, session, { to }, new StillFleet(of))
      return 'steps' in prepared ? prepared.steps[0]?.argv.join(' ') : prepared.refused
    }
    expect(steps('term7')).toMatch(/channel tell k7q2mz .*term7:0/)
    const both = displayServer(
      channels(
        at('k7q2mz', 'term3', ':0'),
        at('bbbbbb', 'term7', 'term7:0'),
        at('cccccc', 'term7', 'term7:1'),
      ),
    )
    expect(steps('term7', { ...shown, displays: [both] })).toContain('not known to sit there')
  })

  it('by telling its display server where', () => {
    const prepared = prepare(move, session, { to: 'term7:0' }, fleet)
    expect(prepared).toMatchObject({ steps: [{ host: 'd1' }] })
    expect('steps' in prepared && prepared.steps[0]?.argv.join(' ')).toMatch(/channel tell k7q2mz .*term7:0/)
  })
})
