import { expect, it } from 'vitest'
import { MadeUpPast } from '../../../src/fleet/past/made-up.ts'
import type { PastMoment } from '../../../src/fleet/past/moment.ts'
import { minutesBefore, ToldPast } from '../../support/past.ts'
import { machine, snapshot } from '../../support/records.ts'

const minute = 60_000
const start = Date.UTC(2026, 10, 29, 3, 0)
const {
  incidents: _,
  drills: __,
  ...facts
} = snapshot([machine({ cpuPercent: 20, startedAt: start - 90_000 })])
const first: PastMoment = {
  at: start,
  now: start,
  snapshot: { ...facts, seenAt: new Map([['a', start - 1_000]]) },
  alerts: [],
}

it('the demo has minutes from before it was started, which go on in what it kept', () => {
  const kept = new ToldPast()
  kept.moments = minutesBefore({ ...first, at: start + minute, now: start + minute }, [1, 0])
  const past = new MadeUpPast(kept, () => first)
  const times: number[] = []
  let at = start + 2 * minute
  for (let found = past.before(at); found.moment; found = past.before(at)) {
    at = found.moment.at
    times.push((start - at) / minute)
  }
  expect(times.slice(0, 4)).toEqual([-1, 0, 1, 2])
  expect(times.length).toBeGreaterThan(100)
  const back: number[] = []
  for (let found = past.after(at); found.moment; found = past.after(found.moment.at))
    back.push((start - found.moment.at) / minute)
  expect(back).toEqual(times.toReversed().slice(1))
  expect(past.before(start - 30 * minute, true).moment?.at).toBe(start - 30 * minute)
  expect(past.before(start - 30 * minute - 1, true).moment?.at).toBe(start - 31 * minute)
  expect(past.after(start - 30 * minute, true).moment?.at).toBe(start - 30 * minute)
  expect(past.after(0, true).moment?.at).toBe(at)
})

it('in these what was seen is as old as it was, and nothing begins after it', () => {
  const { moment } = new MadeUpPast(new ToldPast(), () => first).before(start - minute)
  expect(moment?.now).toBe(start - 2 * minute)
  expect(moment?.snapshot.seenAt.get('a')).toBe(start - 2 * minute - 1_000)
  expect(moment?.snapshot.machines[0]).toMatchObject({ name: 'web1', startedAt: start - 2 * minute })
})
