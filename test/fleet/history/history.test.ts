import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { agedAt } from '../../../src/fleet/aged.ts'
import type { FrontendRecord } from '../../../src/fleet/frontend/frontends.ts'
import { History } from '../../../src/fleet/history/history.ts'
import { type Minute, Minutes } from '../../../src/fleet/history/minutes.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { now } from '../../../src/hosts/clock.ts'
import { label } from '../../../src/hosts/label.ts'
import { freeze, frozenAt, thaw } from '../../support/frozen.ts'
import { snapshot } from '../../support/records.ts'

const frontend = (active: number): FrontendRecord => ({
  address: '10.0.0.11',
  name: label('fe1'),
  host: 'fe1',
  services: ['TCP 10.0.0.100:389', 'TCP 10.0.0.100:80'].map((virtual) => ({
    virtual,
    real: '10.0.0.11:389',
    balancer: 'lb1',
    duty: 'in service',
    weight: 4,
    active,
    inactive: 0,
  })),
})

const shown = (active: number, at: number): Snapshot => ({
  ...snapshot([]),
  staleAfter: 4_000,
  frontends: [frontend(active)],
  balancers: [
    {
      host: 'lb1',
      lastDid: new Map(),
      lvs: { host: 'lb1', at, services: [], addresses: new Set(), sync: [] },
    },
  ],
})

describe('the history', () => {
  it('keeps what each front end did', () => {
    const history = new History(0)
    for (const at of [0, 1_000, 2_000]) history.note(shown(at / 1000, at), at)
    expect(history.of('connections', '10.0.0.11').since(0)).toEqual([
      { at: 0, value: 0 },
      { at: 1_000, value: 2 },
      { at: 2_000, value: 4 },
    ])
  })

  it('leaves a gap where facts are old, instead of going on with what was last known', () => {
    const history = new History(0)
    for (const at of [0, 4_000, 9_000]) history.note(agedAt(shown(5, 0), at).snapshot, at)
    expect(
      history
        .of('connections', '10.0.0.11')
        .since(0)
        .map(({ at }) => at),
    ).toEqual([0, 4_000])
  })

  it('goes on where the console before it ended, when minutes are kept', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'vdd-minutes-')), 'journal.db')
    const first = new History(0, new Minutes(file))
    for (let at = 0; at <= 300_000; at += 1_000) first.note(shown(Math.floor(at / 60_000), at), at)
    first.close()
    const second = new History(400_000, new Minutes(file))
    const minutes = second.of('connections', '10.0.0.11').minutes
    expect(minutes.map(({ at, value }) => [at / 60_000, value])).toEqual([
      [0, 0],
      [1, 2],
      [2, 4],
      [3, 6],
      [4, 8],
    ])
    for (let at = 420_000; at <= 600_000; at += 1_000) second.note(shown(9, at), at)
    expect(second.of('connections', '10.0.0.11').minutes.at(-1)).toEqual({ at: 540_000, value: 18 })
    second.close()
    rmSync(dirname(file), { recursive: true })
  })

  it('writes its minutes by the time of day, also when that was set back', () => {
    freeze()
    const kept: number[] = []
    const history = new History(now(), {
      read: () => [],
      write: (minutes: readonly Minute[]) => {
        kept.push(...minutes.map(({ at }) => at))
        return true
      },
    } as unknown as Minutes)
    vi.setSystemTime(frozenAt - 3600_000)
    for (let i = 0; i <= 180; i++, vi.advanceTimersByTime(1_000)) history.note(shown(4, now()), now())
    thaw()
    expect(kept[0]).toBe(frozenAt - 3600_000)
  })

  it('keeps a day of minutes, and no more', () => {
    const minutes = new Minutes(':memory:')
    const day = 24 * 3600_000
    minutes.write([{ metric: 'load', object: 'a', at: 0, value: 1 }], 0)
    minutes.write([{ metric: 'load', object: 'a', at: day, value: 2 }], day + 60_000)
    expect(minutes.read(day + 60_000).map(({ value }) => value)).toEqual([2])
    minutes.close()
  })

  it('knows nothing of what was never told', () => {
    const history = new History(0)
    history.note(shown(5, 0), 0)
    expect(history.of('lag', '10.0.0.11').since(0)).toEqual([])
    expect(history.of('connections', '10.0.0.99').minutes).toEqual([])
  })
})
