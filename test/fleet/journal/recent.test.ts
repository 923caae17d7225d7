import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newestEntries } from '../../../src/fleet/journal/entries.ts'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { Recent } from '../../../src/fleet/journal/recent.ts'
import { say } from '../../../src/hosts/label.ts'

let directory: string
let journal: Journal
let db: DatabaseSync
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-recent-'))
  const file = join(directory, 'journal.db')
  journal = new Journal(file)
  db = new DatabaseSync(file)
})
afterEach(() => {
  journal.close()
  db.close()
  rmSync(directory, { recursive: true })
})

const add = (at: number, instead?: number) =>
  journal.add({
    at,
    kind: 'seen',
    severity: 'info',
    host: 'a',
    text: say`at ${at}`,
    ...(instead === undefined ? {} : { instead }),
  })

/** The same numbers each time. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * sides)
  }
}

it('is what is read anew, whatever comes late, in place of another, or is taken away', () => {
  const roll = dice(7)
  const recent = new Recent()
  const count = 12
  for (let step = 0; step < 400; step++) {
    const what = roll(10)
    const newest = journal.newest
    if (what === 0) db.exec('DELETE FROM entry WHERE id IN (SELECT id FROM entry ORDER BY id LIMIT 3)')
    else if (what < 3) add(roll(2_000), Math.max(1, newest - roll(20)))
    else if (what === 3) for (let i = 0; i < 15; i++) add(step + i)
    else if (what < 9) add(step + roll(5))
    expect(recent.read(db, count), `step ${step}`).toEqual(newestEntries(db, count, undefined))
  }
})

it('reads nothing again while nothing comes, and what has come alone', () => {
  for (let at = 1; at <= 50; at++) add(at)
  const recent = new Recent()
  const before = recent.read(db, 100)
  expect(recent.read(db, 100)).toBe(before)
  add(60)
  const after = recent.read(db, 100)
  expect(after[0]).toMatchObject({ at: 60 })
  expect(after[1]).toBe(before[0])
})

it('is of the journal that is asked, and as many as are wanted', () => {
  for (let at = 1; at <= 5; at++) add(at)
  const recent = new Recent()
  expect(recent.read(db, 2)).toHaveLength(2)
  expect(recent.read(db, 4)).toHaveLength(4)
  const other = new Journal(':memory:')
  expect(other.latest(4)).toEqual([])
  const empty = new DatabaseSync(':memory:')
  empty.exec('CREATE TABLE entry (id INTEGER PRIMARY KEY, at INTEGER, instead INTEGER)')
  expect(recent.read(empty, 4)).toEqual([])
  empty.close()
  other.close()
})
