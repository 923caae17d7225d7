import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FrontendRecord } from '../../../src/fleet/frontend/frontends.ts'
import { fullest, History, type Metric } from '../../../src/fleet/history/history.ts'
import { type Minute, Minutes } from '../../../src/fleet/history/minutes.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label } from '../../../src/hosts/label.ts'
import { host, snapshot } from '../../support/records.ts'

const rate = { connections: 3, packetsIn: 0, bytesIn: 0 }
const service = {
  virtual: 'TCP 10.0.0.100:389',
  real: '10.0.0.11:389',
  balancer: 'lb1',
  duty: 'in service',
  weight: 4,
  active: 5,
  inactive: 0,
  rate,
} as const
const fe1: FrontendRecord = { address: '10.0.0.11', name: label('fe1'), host: 'fe1', services: [service] }
const processes = [
  { name: label('radiusd'), pid: 8, owner: label('radiusd'), open: 90, softLimit: 1024 },
  { name: label('slapd'), pid: 7, owner: label('openldap'), open: 80, softLimit: 100 },
]
const directory = (given: object = {}) => ({
  host: 'fe1',
  role: 'consumer',
  reading: { at: 6_000 },
  replication: { state: 'behind', since: 4_000 },
  ...given,
})

/** At 10 000, by hosts that answered at 6 000; an answer counts for four seconds. */
const known = {
  ...snapshot([], [host('fe1', { roles: ['frontend'], load: 0.7 })], { fe1: 6_000 }),
  frontends: [fe1],
  processes: new Map([['fe1', processes]]),
  directories: [directory()],
} as unknown as Snapshot

const noted = (metric: Metric, given: object = {}, at = 10_000) => {
  const history = new History(0)
  history.note({ ...known, ...given } as Snapshot, at)
  return history.of(metric, '10.0.0.11').since(0)[0]?.value
}

describe('what is kept of a front end', () => {
  it('is its connections and how many come in a second, as its balancer tells', () => {
    expect([noted('connections'), noted('rate')]).toEqual([5, 3])
    const trouble = { kind: 'timeout', reason: label('no answer'), advice: label(''), since: 1 }
    const balancers = [{ host: 'lb1', lastDid: new Map(), lvsTrouble: trouble }]
    expect([noted('connections', { balancers }), noted('rate', { balancers })]).toEqual([
      undefined,
      undefined,
    ])
    const { rate: _, ...slow } = service
    expect(noted('rate', { frontends: [{ ...fe1, services: [slow] }] })).toBeUndefined()
    expect(noted('connections', { frontends: [{ ...fe1, services: [] }] })).toBeUndefined()
  })

  it('is the load of its host and the descriptors of the process that is nearest to its limit, while it answers', () => {
    const of = (given: object = {}, at?: number) => [
      noted('load', given, at),
      noted('descriptors', given, at),
    ]
    expect(of()).toEqual([expect.closeTo(0.7), 80])
    expect(of({}, 10_001)).toEqual([undefined, undefined])
    expect(of({ seenAt: new Map() })).toEqual([undefined, undefined])
    const { host: _, ...unknown } = fe1
    expect(of({ frontends: [unknown] })).toEqual([undefined, undefined])
    expect(of({ processes: new Map(), hosts: [] })).toEqual([undefined, undefined])
  })

  it('is how far its directory is behind, in seconds, as long as that answers', () => {
    expect(noted('lag')).toBe(6)
    expect(noted('lag', { directories: [directory({ replication: { state: 'in step' } })] })).toBe(0)
    expect(noted('lag', { directories: [directory({ replication: { state: 'unknown' } })] })).toBeUndefined()
    expect(noted('lag', {}, 10_001)).toBeUndefined()
    expect(noted('lag', { directories: [] })).toBeUndefined()
  })

  it('is by its address', () => {
    const history = new History(0)
    history.note({ ...known, frontends: [fe1, { ...fe1, address: '10.0.0.12' }] }, 10_000)
    history.note(known, 11_000)
    expect(['10.0.0.11', '10.0.0.12'].map((one) => history.of('rate', one).since(0).length)).toEqual([2, 1])
  })
})

describe('the process that is nearest to its limit', () => {
  it('is the fullest of those of which that is known', () => {
    expect(fullest(processes)?.open).toBe(80)
    expect(fullest([...processes].reverse())?.open).toBe(80)
    expect(fullest([{ open: 9 }, { open: 1, softLimit: 2 }])).toEqual({ open: 1, softLimit: 2 })
    expect(fullest([])).toBeUndefined()
  })
})

describe('the minutes that are kept', () => {
  const minute = 60_000
  let directory: string
  let file: string
  let minutes: Minutes
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-minutes-'))
    file = join(directory, 'journal.db')
    minutes = new Minutes(file)
  })
  afterEach(() => {
    minutes.close()
    rmSync(directory, { recursive: true })
  })
  const one = (at: number, value: number, metric = 'load'): Minute => ({ metric, object: 'a', at, value })

  it('are those of the last day up to now, the oldest first', () => {
    const day = 24 * 60 * minute
    minutes.write([one(2 * minute, 2), one(minute, 1), one(3 * minute, 3)], 3 * minute)
    expect(minutes.read(2 * minute)).toEqual([one(minute, 1), one(2 * minute, 2)])
    expect(minutes.read(day + 2 * minute).map(({ value }) => value)).toEqual([2, 3])
  })

  it('are those of whoever wrote them first', () => {
    const other = new Minutes(file)
    expect(minutes.write([one(minute, 1)], minute)).toBe(true)
    expect(other.write([one(minute, 9), one(minute, 9, 'lag')], minute)).toBe(true)
    expect(minutes.read(minute)).toEqual([one(minute, 9, 'lag'), one(minute, 1)])
    other.close()
  })

  it('wait for another that writes, and are written later', () => {
    const history = new History(0, minutes)
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    expect(minutes.write([one(minute, 1)], minute)).toBe(false)
    const at = (now: number) => history.note({ ...known, seenAt: new Map([['fe1', now]]) }, now)
    for (let now = 0; now <= 4 * minute; now += 10_000) at(now)
    expect(minutes.read(10 * minute)).toEqual([])
    other.exec('ROLLBACK')
    other.close()
    at(4 * minute + 1_000)
    expect(minutes.read(10 * minute).filter(({ metric }) => metric === 'connections')).toHaveLength(4)
    expect(minutes.write([one(minute, 1)], minute)).toBe(true)
  })

  it('are written every other minute, each once', () => {
    const written: number[][] = []
    const spy = {
      read: () => [],
      write: (all: readonly Minute[]) => {
        written.push(all.filter(({ metric }) => metric === 'connections').map(({ at }) => at / minute))
        return true
      },
    }
    const history = new History(0, spy as never)
    for (let now = 0; now <= 6 * minute; now += 10_000) history.note(known, now)
    expect(written).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ])
  })

  it('that nobody knows any more are passed over', () => {
    minutes.write([one(minute, 1, 'before'), { ...one(minute, 2), object: '10.0.0.11' }], minute)
    const history = new History(2 * minute, minutes)
    expect(history.of('load', '10.0.0.11').minutes).toEqual([{ at: minute, value: 2 }])
    expect(history.of('before' as Metric, 'a').minutes).toEqual([])
  })
})
