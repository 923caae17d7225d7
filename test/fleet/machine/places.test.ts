import { describe, expect, it } from 'vitest'
import { asOn, placedOn, placesOf, type Run, runsAtOnce } from '../../../src/fleet/machine/places.ts'
import { label } from '../../../src/hosts/label.ts'
import { uuid } from '../../support/facts.ts'
import { machine, snapshot } from '../../support/records.ts'

const before = Number.NEGATIVE_INFINITY
const run = (host: string, since: number, at: number, reason = 'booted'): Run => ({ host, reason, since, at })

describe('a machine runs at once on hosts', () => {
  it.each([
    ['each seen after the other was', [run('a', 0, 10), run('b', 5, 9)], ['a', 'b']],
    ['in the same moment', [run('a', 0, 5), run('b', 5, 5)], ['a', 'b']],
    ['of which one was left before', [run('a', 0, 4), run('b', 5, 9)], []],
    ['the other way round', [run('b', 5, 9), run('a', 0, 4)], []],
    ['before anybody looked', [run('a', before, 5), run('b', before, 5)], ['a', 'b']],
    ['of which there is one', [run('a', before, 5)], []],
    ['of which two of three', [run('a', 0, 3), run('b', 5, 9), run('c', 6, 9)], ['b', 'c']],
  ])('%s', (_, runs, hosts) => {
    expect(runsAtOnce(runs, 100_000)).toEqual(hosts)
  })

  it.each(['migrated', 'post-copy', ''])('after it came by %j only when that lasts', (reason) => {
    const runs = [run('a', before, 20_000), run('b', 1_000, 20_000, reason)]
    expect(runsAtOnce(runs, 8_999)).toEqual([])
    expect(runsAtOnce(runs, 9_000)).toEqual(['a', 'b'])
    expect(runsAtOnce([run('a', before, 9, reason), run('b', before, 9, reason)], 10)).toEqual(['a', 'b'])
    expect(runsAtOnce([run('a', before, 9), run('b', 5, 9)], 10)).toEqual(['a', 'b'])
  })
})

describe('a machine as another host tells of it', () => {
  const place = {
    host: 'b',
    state: 'shut off',
    reason: label('saved'),
    persistent: false,
    autostart: true,
  } as const
  const known = machine({
    alsoOn: ['b', 'c'],
    others: [{ ...place, host: 'c' }, place],
    startedAt: 1,
    cpuPercent: 2,
    disk: { read: 1, write: 1 } as never,
    net: { read: 1, write: 1 } as never,
  })

  it('has the state from there, and nothing that was measured elsewhere', () => {
    const { startedAt: _, cpuPercent: __, disk: ___, net: ____, ...rest } = known
    expect(placedOn(known, 'b')).toEqual({ ...rest, ...place, alsoOn: ['a', 'c'], mayRunOn: ['a'] })
    expect(placedOn(known, 'a')).toBe(known)
    expect(placedOn(known, 'd')).toBeUndefined()
    expect(placedOn(machine(), 'b')).toBeUndefined()
  })

  it('may run on the first while that is not known to be over', () => {
    const mayRun = (given: object) => placedOn({ ...known, ...given }, 'b')?.mayRunOn
    expect(mayRun({ state: 'migrating' })).toEqual(['a'])
    expect(mayRun({ state: 'shut off' })).toBeUndefined()
    expect(mayRun({ runsTwice: ['a', 'b'] })).toBeUndefined()
  })

  it('is one for each host on which it runs', () => {
    expect(placesOf(known)).toEqual([known])
    expect(placesOf({ ...known, runsTwice: ['a', 'b', 'd'] }).map(({ host }) => host)).toEqual(['a', 'b'])
  })

  it('is in a snapshot of that host, with all others as they are', () => {
    const other = machine({ uuid: uuid(2), name: 'other' })
    const shown = snapshot([known, other])
    expect(asOn(shown, known.uuid, 'b').machines.map(({ host }) => host)).toEqual(['b', 'a'])
    expect(asOn(shown, known.uuid, 'd').machines).toEqual([other])
  })
})
