import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FleetEvent } from '../../../src/fleet/event.ts'
import { insert } from '../../../src/fleet/journal/entries.ts'
import { Heard } from '../../../src/fleet/journal/heard.ts'
import { bringUpToDate } from '../../../src/fleet/journal/schema.ts'
import { label } from '../../../src/hosts/label.ts'

const fresh = () => {
  const db = new DatabaseSync(':memory:')
  bringUpToDate(db)
  return db
}
let db: DatabaseSync
beforeEach(() => {
  db = fresh()
})
afterEach(() => db.close())

const event = (text: string, host = 'a'): FleetEvent => ({
  about: { kind: 'host', id: host },
  host,
  severity: 'info',
  text: label(text),
})
const tell = (at: number, text: string, session = 'other', host = 'a', to = db) =>
  insert(to, { ...event(text, host), at, kind: 'seen' }, session)

const has = (heard: Heard, one: FleetEvent, from: DatabaseSync, at: number) => {
  heard.read(from, at)
  return heard.has(one, at)
}

it('what another console told within three seconds is heard, and what is older or its own is not', () => {
  const heard = new Heard('own')
  tell(1_000, 'down')
  tell(1_000, 'up', 'own')
  expect(has(heard, event('down'), db, 3_999)).toBe(true)
  expect(has(heard, event('down'), db, 4_000)).toBe(false)
  expect(has(heard, event('up'), db, 1_000)).toBe(false)
  expect(has(heard, event('down', 'b'), db, 1_000)).toBe(false)
  tell(5_000, 'down')
  expect(has(heard, event('down'), db, 5_100)).toBe(true)
})

it('what is told again counts from then on', () => {
  const heard = new Heard('own')
  tell(1_000, 'down')
  tell(1_100, 'up')
  expect(has(heard, event('down'), db, 2_000)).toBe(true)
  tell(3_000, 'down')
  expect(has(heard, event('down'), db, 5_500)).toBe(true)
  expect(has(heard, event('up'), db, 5_500)).toBe(false)
})

it.each([
  ['after 2 s', 'after 13 s', true],
  ['after 1.25 s', 'after 1.9 s', true],
  ['after 2 s', 'after 5 min', true],
  ['weight 2', 'weight 4', false],
  ['2 services', '3 services', false],
])('how long something took each console has measured itself: %s, %s', (theirs, own, isSame) => {
  const heard = new Heard('own')
  tell(1_000, theirs)
  expect(has(heard, event(own), db, 1_500)).toBe(isSame)
})

it('a line of a console whose clock is ahead is forgotten in time', () => {
  const heard = new Heard('own')
  tell(900_000, 'down')
  expect(has(heard, event('down'), db, 1_000)).toBe(true)
  expect(has(heard, event('down'), db, 7_001)).toBe(false)
})

it('another file is read from its own lines, and nothing of the first is told of it', () => {
  const heard = new Heard('own')
  for (let i = 0; i < 3; i++) tell(1_000, 'down')
  expect(has(heard, event('down'), db, 1_500)).toBe(true)
  const other = fresh()
  expect(has(heard, event('down'), other, 1_500)).toBe(false)
  tell(1_600, 'up', 'other', 'a', other)
  expect(has(heard, event('up'), other, 1_700)).toBe(true)
  other.close()
})
