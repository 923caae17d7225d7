import { afterEach, beforeEach, expect, it } from 'vitest'
import { hold, readBookings, shun } from '../../src/broker/holds.ts'
import { DeskBook } from '../../src/fleet/journal/desk-book.ts'

let book: DeskBook
beforeEach(() => {
  book = new DeskBook(':memory:')
})
afterEach(() => book.close())

const now = 1_000_000_000
const minute = 60_000

it('a machine is kept for a person for a while, and no longer', () => {
  hold(book.db, 'pc1', 1001, now)
  hold(book.db, 'pc1', 1002, now)
  expect(readBookings(book.db, now + 9 * minute).people).toEqual(new Map([['pc1', new Set([1001, 1002])]]))
  expect(readBookings(book.db, now + 11 * minute).people).toEqual(new Map())
})

it('one that did not come up is nobody’s, and nobody is on it', () => {
  hold(book.db, 'pc1', 1001, now)
  shun(book.db, 'pc1', 1001, now)
  expect(readBookings(book.db, now)).toEqual({ people: new Map(), shunned: new Set(['pc1']) })
  expect(readBookings(book.db, now + 4 * minute).shunned).toEqual(new Set())
})
