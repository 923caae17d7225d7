import { describe, expect, it } from 'vitest'
import { type PoolRecord, poolsOf } from '../../../src/fleet/pool/record.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { lineText } from '../../../src/text/page.ts'
import { poolView } from '../../../src/views/pool/view.ts'
import { host, snapshot } from '../../support/records.ts'
import { worldOf } from '../../support/world.ts'

const gib = 2 ** 30
const volume = (name: string, capacity: number, allocation: number) => ({
  name: label(name),
  capacity: capacity * gib,
  allocation: allocation * gib,
})

const pools = [
  ...poolsOf('a', [
    {
      rawName: 'thin',
      at: 9_000,
      capacity: 100 * gib,
      available: 10 * gib,
      volumes: [volume('one', 80, 60), volume('two', 40, 30)],
    },
    { rawName: 'unread', at: 9_000, capacity: 50 * gib, available: 40 * gib },
  ]),
  ...poolsOf('b', [{ rawName: 'thin', at: 9_000, capacity: 10 * gib, available: 9 * gib, volumes: [] }]),
]

const shown: Snapshot = {
  ...snapshot([], [host('a'), host('b')], { b: 1_000 }),
  pools: new Map([
    ['a', pools.slice(0, 2)],
    ['b', pools.slice(2)],
  ]),
  supplies: [{ host: 'a', kind: 'pool', which: say`thin`, used: 90, most: 100, left: 3_600_000, at: 10_000 }],
}
const world = worldOf(shown)
const [thin, unread] = pools
const arrangement = { sort: 'name', descending: false, filter: '', host: '', faultsOnly: false }

describe('a storage pool', () => {
  it('is found by its host too: pools of several hosts have the same name', () => {
    expect(new Set(pools.map(poolView.rowId)).size).toBe(3)
    expect(poolView.find('b thin', world)).toBe(pools[2])
  })

  it('tells what is used, free and provisioned, and when it is full', () => {
    const cells = poolView.columns(world).map(({ id, cell }) => [id, thin && cell(thin)])
    expect(Object.fromEntries(cells)).toEqual({
      name: 'thin',
      host: 'a',
      used: ['[#########.] 90%', 'trouble'],
      free: '10.0G',
      size: '100G',
      provisioned: '120G (120%)',
      left: '60m',
      volumes: '2',
    })
  })

  it('says that its volumes may grow to more than is free, and says it of no other', () => {
    expect(thin && poolView.note?.(thin, world)).toBe(
      'thin on a: its volumes may still grow by 30.0G, and 10.0G are free',
    )
    expect(unread && poolView.note?.(unread, world)).toBeUndefined()
  })

  it('does not know what is provisioned where its volumes could not be read', () => {
    const json = unread && poolView.json(unread, world)
    expect(json).toMatchObject({ name: 'unread', volumes: null, provisionedBytes: null, fullInSeconds: null })
    const page = unread ? poolView.page(unread, world, 80).map(lineText) : []
    expect(page).toContain('Volumes     could not be read')
  })

  it('has its volumes on its page', () => {
    const page = thin ? poolView.page(thin, world, 80).map(lineText) : []
    expect(page.at(-1)).toMatch(/^two +40\.0G +30\.0G$/)
    expect(page).toContain('Full in     1 h 00 min')
  })

  it('is a fault when it is near its end, or as old as its host', () => {
    const faults = poolView.rows(world, { ...arrangement, faultsOnly: true })
    expect(faults.map(({ id }) => id)).toEqual(['a thin', 'b thin'])
  })

  it.each(Object.keys(poolView.sorts))('is sorted by %s without losing one', (sort) => {
    expect(poolView.rows(world, { ...arrangement, sort })).toHaveLength(3)
  })

  it('is old when its host is, or when it was not read for some minutes', () => {
    const tones = (all: readonly PoolRecord[]) => all.map((one) => poolView.tone?.(one, world))
    expect(tones(pools)).toEqual([undefined, undefined, 'stale'])
    expect(tones(pools.map((one) => ({ ...one, at: -200_000 })))).toEqual(['stale', 'stale', 'stale'])
    expect(thin && poolView.json({ ...thin, at: -200_000 }, world)).toMatchObject({ stale: true })
  })
})
