import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import { label, say } from '../../../src/hosts/label.ts'

let directory: string
let file: string
let journal: Journal
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-chain-'))
  file = join(directory, 'journal.db')
  journal = new Journal(file)
  for (let i = 1; i <= 5; i++) add(`entry ${i}`)
})
afterEach(() => {
  journal.close()
  rmSync(directory, { recursive: true, force: true })
})

function add(text: string, at = 1_000): void {
  journal.add({
    at,
    kind: 'did',
    severity: 'info',
    host: 'hv1',
    text: label(text),
    who: say`ada@console`,
    plan: [label(`virsh start "x" \\ \u{1f600}`)],
    states: { before: { vcpus: 2 } },
  })
}

/** What somebody does to the file by hand. */
function harm(sql: string): void {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

it('fits as it was written, and names its last entry', () => {
  const { head, ...found } = journal.verify()
  expect(found).toEqual({ entries: 5, older: 0 })
  expect(head).toEqual({ id: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  add('entry 6')
  expect(journal.verify().head.hash).not.toBe(head.hash)
})

it.each([
  ['a text is another', "UPDATE entry SET text = 'nothing happened' WHERE id = 3", 3, /not as it was/],
  ['a field was added', "UPDATE entry SET raw = 'x' WHERE id = 3", 3, /not as it was/],
  ['a field is missing', 'UPDATE entry SET who = NULL WHERE id = 3', 3, /not as it was/],
  ['a number is too large', 'UPDATE entry SET at = 9223372036854775807 WHERE id = 3', 3, /not as it was/],
  ['one was taken out', 'DELETE FROM entry WHERE id = 2', 2, /^it is missing$/],
  ['the first were taken out', 'DELETE FROM entry WHERE id < 3', 1, /^it is missing, and all up to 2$/],
  ['the last were taken out', 'DELETE FROM entry WHERE id > 3', 4, /^it is missing, and all up to 5$/],
  ['all were taken out', 'DELETE FROM entry', 1, /^it is missing, and all up to 5$/],
  [
    'one was put behind',
    "INSERT INTO entry (at, kind, severity, host, text, session) VALUES (1, 'did', 'info', 'a', 'x', 's')",
    6,
    /not as it was/,
  ],
  [
    'two were exchanged',
    "UPDATE entry SET text = iif(id = 2, 'entry 3', 'entry 2') WHERE id IN (2, 3)",
    2,
    /not as it was/,
  ],
  [
    'the last was written anew with its hash',
    "UPDATE entry SET text = 'x', hash = 'y' WHERE id = 5",
    5,
    /not as it was/,
  ],
])('says the first that does not fit where %s', (_, sql, id, why) => {
  harm(sql)
  expect(journal.verify().fault).toEqual({ id, why: expect.stringMatching(why) })
  // What comes later is written nevertheless.
  add('later')
  expect(journal.trouble).toBeUndefined()
  expect(journal.latest(1, 0)).toMatchObject([{ text: 'later' }])
  expect(journal.verify().fault?.id).toBe(id)
})

it.each([
  ['the place of its ends was emptied', 'DELETE FROM chain', 0],
  ['one of them is no place', "UPDATE chain SET head_id = 'x'", 0],
  ['one of them is too large', 'UPDATE chain SET base_id = 9223372036854775807', 0],
  ['its beginning was put behind a change', 'UPDATE chain SET base_id = head_id, base_hash = head_hash', 1],
  [
    'so it was, and hashes taken away',
    'UPDATE entry SET hash = NULL; UPDATE chain SET base_id = head_id, base_hash = head_hash',
    1,
  ],
])('is not said to fit where %s', (_, sql, id) => {
  harm("UPDATE entry SET text = 'nothing happened' WHERE id = 3")
  harm(sql)
  expect(journal.verify().fault).toMatchObject({ id })
})

it('goes on from one console to the next, and from one that was there before it', () => {
  const other = new Journal(file)
  other.add({ at: 1, kind: 'did', severity: 'info', host: 'hv1', text: say`by another` })
  add('entry 7')
  journal.close()
  other.add({ at: 1, kind: 'did', severity: 'info', host: 'hv1', text: say`by another again` })
  other.close()
  journal = new Journal(file)
  add('entry 9')
  expect(journal.verify()).toMatchObject({ entries: 9, head: { id: 9 } })
  expect(journal.verify()).not.toHaveProperty('fault')
})

it.each([
  ['their number', { entries: 3 }, [5, 4, 3]],
  ['their age', { days: 1 }, [5, 4]],
  ['nothing', {}, [5, 4, 3, 2, 1]],
])('still fits when old entries were taken away for %s', (_, bounds, left) => {
  harm(`UPDATE entry SET seen_at = ${Date.now()} WHERE id > 3`)
  journal.close()
  new Journal(file, { bounds }).close()
  journal = new Journal(file)
  expect(journal.latest(9).map(({ id }) => id)).toEqual(left)
  add('entry 6')
  // Those above were written anew by hand.
  harm('UPDATE entry SET seen_at = NULL')
  expect(journal.verify()).toMatchObject({ entries: left.length + 1, older: 0 })
  expect(journal.verify()).not.toHaveProperty('fault')
})

it('keeps the file within its size, and the newest in any case', () => {
  const text = 'x'.repeat(2_000)
  for (let i = 0; i < 1_500; i++) add(text)
  journal.close()
  new Journal(file, { bounds: { size: 1 } }).close()
  journal = new Journal(file)
  expect(journal.latest(9_999)).toHaveLength(1_000)
  expect(journal.verify()).not.toHaveProperty('fault')
})

it('gives room back to what comes, so that the file does not grow', () => {
  const text = 'x'.repeat(4_000)
  const size = 6_000_000
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 1_000; i++) add(text)
    journal.close()
    journal = new Journal(file, { bounds: { size } })
  }
  journal.close()
  expect(statSync(file).size).toBeLessThan(2 * size)
  journal = new Journal(file)
  expect(journal.latest(9_999).length).toBeLessThan(3_000)
})
