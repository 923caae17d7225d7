import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { insert } from '../../../src/fleet/journal/entries.ts'
import { bringUpToDate } from '../../../src/fleet/journal/schema.ts'
import { isToldByOther } from '../../../src/fleet/journal/told-by-others.ts'
import { label } from '../../../src/hosts/label.ts'

let db: DatabaseSync
beforeEach(() => {
  db = new DatabaseSync(':memory:')
  bringUpToDate(db)
})
afterEach(() => db.close())

const event = (at: number, text: string, host = 'a', seenAt?: number) => ({
  about: { kind: 'host', id: host } as const,
  at,
  host: label(host),
  kind: 'seen' as const,
  severity: 'info' as const,
  text: label(text),
  ...(seenAt === undefined ? {} : { seenAt }),
})
const tell = (one: ReturnType<typeof event>, session = 'other') => insert(db, one, session)
const isTold = (one: ReturnType<typeof event>) => isToldByOther(db, one, 'own')

it('what another console told within three seconds is told, and what is older, later or its own is not', () => {
  tell(event(10_000, 'down'))
  tell(event(10_000, 'up'), 'own')
  const times = [7_000, 7_001, 10_000, 12_999, 13_000]
  expect(times.map((at) => isTold(event(at, 'down')))).toEqual([false, true, true, true, false])
  expect(isTold(event(10_000, 'up'))).toBe(false)
  expect(isTold(event(10_000, 'down', 'b'))).toBe(false)
})

it('each time that it was told counts, however long the own word had to wait', () => {
  const times = [10_000, 40_000, 3_600_000]
  for (const at of times) tell(event(at, 'down'))
  expect(times.map((at) => isTold(event(at + 1_000, 'down')))).toEqual([true, true, true])
  expect(isTold(event(50_000, 'down'))).toBe(false)
})

it('counts when it was seen, for each console takes another time for when it happened', () => {
  tell(event(5_000, 'down', 'a', 20_000))
  expect(isTold(event(12_000, 'down', 'a', 21_000))).toBe(true)
  expect(isTold(event(5_000, 'down'))).toBe(false)
})

it.each([
  ['after 2 s', 'after 13 s', true],
  ['after 1.25 s', 'after 1.9 s', true],
  ['after 2 s', 'after 5 min', true],
  ['weight 2', 'weight 4', false],
  ['2 services', '3 services', false],
])('how long something took each console has measured itself: %s, %s', (theirs, own, isSame) => {
  tell(event(1_000, theirs))
  expect(isTold(event(1_500, own))).toBe(isSame)
})

it('looks at the lines of the object alone', () => {
  const plan = db
    .prepare('EXPLAIN QUERY PLAN SELECT text FROM entry WHERE about = ? AND at > ? AND at < ? AND host = ?')
    .all('host a', 0, 1, 'a')
  expect(String(plan[0]?.detail)).toContain('entry_about')
})
