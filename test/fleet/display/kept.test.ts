import { describe, expect, it } from 'vitest'
import { Displays } from '../../../src/fleet/display/displays.ts'
import { displayRecord, isChannel } from '../../../src/fleet/display/record.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import type { DisplayReading } from '../../../src/services/display/facts.ts'
import { displaysOf, logins } from '../../support/displays.ts'
import { loggedIn, seen } from '../../support/sight.ts'
import { word } from '../../support/terminals.ts'

const reading = (given: Partial<DisplayReading> = {}): DisplayReading => ({
  host: 'd1',
  at: 10_000,
  displays: [],
  faults: [],
  left: 0,
  ...given,
})

describe('what is kept of a display server', () => {
  it('is what it told last, with who is at a terminal', () => {
    const displays = new Displays(['d1', 'd2'])
    const faults = [{ place: say`1004`, why: say`no JSON` }]
    const told = { terminals: [word()], logins: logins(loggedIn()) }
    displays.reading(reading({ faults, left: 3, ...told }))
    expect(displays.records).toEqual([
      { host: 'd1', reading: { at: 10_000, faults, left: 3 }, displays: [], ...told },
      { host: 'd2', displays: [] },
    ])
    displays.reading(reading())
    expect(displays.records[0]).not.toHaveProperty('terminals')
    expect(displays.records[0]).not.toHaveProperty('logins')
  })

  it('is nothing of a host that is none', () => {
    const displays = new Displays(['d1'])
    expect(displays.reading(reading({ host: 'd9', displays: displaysOf([seen()]) }))).toEqual([])
    displays.failed('d9', new HostError('timeout', 'd9', say`no answer`), 1)
    expect(displays.records).toEqual([{ host: 'd1', displays: [] }])
  })

  it('is the word of each terminal as long as it says the same', () => {
    const displays = new Displays(['d1'])
    const kept = (...terminals: ReturnType<typeof word>[]) => {
      displays.reading(reading({ terminals }))
      return displays.records[0]?.terminals ?? []
    }
    const first = kept(word(), word({ name: 'term4' }), word({ user: 'bruno' }))
    const [anna, other, bruno] = kept(
      word(),
      word({ name: 'term4' }, { model: 'HP t5530' }),
      word({ user: 'bruno' }),
    )
    expect(anna).toBe(first[0])
    expect(other?.facts.model).toBe('HP t5530')
    expect(bruno).toBe(first[2])
    // And the list while all of them do.
    const all = kept(word())
    expect(kept(word())).toBe(all)
    expect(kept(word(), word({ name: 'term4' }))).toHaveLength(2)
  })
})

describe('a display', () => {
  it('is called by its number, by its channel where it has none yet, and else as it is known', () => {
    const [channel] = displaysOf([seen({ display: undefined, server: undefined, state: 'opening' })])
    const named = (display: Parameters<typeof displayRecord>[1]) => displayRecord('d1', display)
    const [shown] = displaysOf([seen()])
    expect(shown && named(shown)).toMatchObject({ id: 'd1 1003/k7q2mz', name: ':12', rawName: ':12' })
    expect(channel && named(channel)).toMatchObject({ name: 'k7q2mz', rawName: 'k7q2mz' })
    expect(named({ key: 'x' } as never)).toMatchObject({ id: 'd1 x', name: 'x', rawName: 'x' })
  })

  it('is a channel if vdd made it', () => {
    const [other] = displaysOf([], { others: [{ display: 0, program: 'Xorg', pid: 5 }] })
    expect(other && isChannel(displayRecord('d1', other))).toBe(false)
    expect(displaysOf([seen()]).map((one) => isChannel(displayRecord('d1', one)))).toEqual([true])
  })
})
