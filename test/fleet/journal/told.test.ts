import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeskBook } from '../../../src/fleet/journal/desk-book.ts'
import {
  type Session,
  sessionOfChannel,
  writeLater,
  writeStart,
} from '../../../src/fleet/journal/sessions.ts'
import {
  beginTelling,
  countUntold,
  endTelling,
  nextUntold,
  noteSilence,
  untoldSessions,
  writeTold,
} from '../../../src/fleet/journal/sessions-told.ts'

let home: string
let book: DeskBook
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vdd-told-'))
  book = new DeskBook(join(home, 'j.db'))
})
afterEach(() => {
  book.close()
  rmSync(home, { recursive: true, force: true })
})

const anna = {
  channel: 'aaaaaa',
  uid: 1001,
  who: 'anna',
  terminal: 'term3',
  machine: 'pc1',
  system: 'office',
}
const bruno = { ...anna, channel: 'bbbbbb', uid: 1002, who: 'bruno' }
const start = (who: typeof anna, at: number) => writeStart(book.db, { ...who, session: 'xfce' }, at)
const later = (who: typeof anna, ...said: [what: 'alive' | 'end', at: number, how?: Session['how']]) =>
  writeLater(book.db, sessionOfChannel(book.db, who.channel) as Session, ...said)
const next = (behind = 0, without: readonly number[] = []) => nextUntold(book.db, behind, without)
const told = (line: number, isNext: boolean) => writeTold(book.db, line, { at: 9_000, server: 'fe1', isNext })

describe('what the RADIUS servers have not been told', () => {
  it('is the oldest line first, with whose session it is of', () => {
    start(anna, 1_000)
    start(bruno, 2_000)
    later(anna, 'end', 5_000, 'closed')
    const { system: _, ...who } = anna
    expect(next()).toEqual({ id: 1, what: 'start', at: 1_000, startedAt: 1_000, ...who })
    expect(next(1)).toMatchObject({ id: 2, who: 'bruno' })
    expect(next(2)).toEqual({ id: 3, what: 'end', at: 5_000, startedAt: 1_000, how: 'closed', ...who })
    expect(next(3)).toBeUndefined()
    expect(next(0, [1001])).toMatchObject({ id: 2 })
    expect(next(0, [1001, 1002])).toBeUndefined()
    expect(countUntold(book.db)).toBe(3)
    expect(untoldSessions(book.db)).toEqual(new Set([1, 2]))
  })

  it('is not that a session was there, once something later is known of it', () => {
    start(anna, 1_000)
    later(anna, 'alive', 2_000)
    expect(next(1)).toMatchObject({ id: 2, what: 'alive' })
    later(anna, 'alive', 3_000)
    expect(next(1)).toMatchObject({ id: 3 })
    expect(countUntold(book.db)).toBe(2)
  })

  it('is nothing that one of them has taken, nor what is older than where none is left', () => {
    for (const at of [1_000, 2_000, 3_000]) start({ ...anna, channel: `aaaaa${at / 1_000}` }, at)
    told(2, false)
    told(2, false)
    expect([next()?.id, next(1)?.id, countUntold(book.db)]).toEqual([1, 3, 2])
    told(1, true)
    expect(untoldSessions(book.db)).toEqual(new Set([3]))
    const upto = () => book.db.prepare('SELECT max(upto) AS upto FROM desk_told').get()?.upto
    expect(upto()).toBe(1)
    // What is told out of turn leaves that where it was.
    told(3, false)
    expect([upto(), next(), countUntold(book.db)]).toEqual([1, undefined, 0])
  })
})

describe('telling', () => {
  it('is done by one process at a time, for as long as it may take', () => {
    expect(beginTelling(book.db, 1_000, 500)).toBe(1_500)
    expect(beginTelling(book.db, 1_499, 500)).toBeUndefined()
    expect(beginTelling(book.db, 1_500, 500)).toBe(2_000)
    // Of another one.
    endTelling(book.db, 1_500)
    expect(beginTelling(book.db, 1_600, 500)).toBeUndefined()
    endTelling(book.db, 2_000)
    expect(beginTelling(book.db, 1_600, 500)).toBe(2_100)
  })

  it('waits for nobody who says to take longer than anybody may: the clock was set back', () => {
    beginTelling(book.db, 100_000, 500)
    expect(beginTelling(book.db, 100_000, 500)).toBeUndefined()
    expect(beginTelling(book.db, 99_999, 500)).toBe(100_499)
  })
})

describe('that no server takes anything', () => {
  it('is news when it begins, and when it ends', () => {
    expect(noteSilence(book.db, false, 1_000)).toBeUndefined()
    expect(noteSilence(book.db, true, 2_000)).toEqual({ since: 2_000 })
    expect(noteSilence(book.db, true, 3_000)).toBeUndefined()
    expect(noteSilence(book.db, false, 4_000)).toEqual({ since: 2_000 })
    expect(noteSilence(book.db, false, 5_000)).toBeUndefined()
  })
})

describe('the book of the desk', () => {
  it('gets groups where it is of before there were any, and keeps what is in it', () => {
    start(anna, 1_000)
    book.db.exec('DROP TABLE desk_sight; ALTER TABLE desk_account DROP COLUMN groups')
    book.close()
    book = new DeskBook(join(home, 'j.db'))
    writeStart(book.db, { ...bruno, session: 'xfce', groups: ['desk'] }, 2_000)
    expect(sessionOfChannel(book.db, 'aaaaaa')).not.toHaveProperty('groups')
    expect(sessionOfChannel(book.db, 'bbbbbb')).toMatchObject({ groups: ['desk'] })
  })

  it('gives what was made in one piece, and writes nothing where all is there', () => {
    expect(book.transaction(() => 7)).toBe(7)
    const other = new DeskBook(join(home, 'j.db'))
    book.transaction(() => new DeskBook(join(home, 'j.db')).close())
    other.close()
  })
})
