import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeskBook } from '../../../src/fleet/journal/desk-book.ts'
import { Journal } from '../../../src/fleet/journal/journal.ts'
import {
  endSilent,
  lengthOf,
  type NewSession,
  openSessions,
  readSessions,
  type Session,
  sessionOfChannel,
  silentAfter,
  stateOf,
  writeLater,
  writeStart,
} from '../../../src/fleet/journal/sessions.ts'

let home: string
let book: DeskBook
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vdd-desk-book-'))
  book = new DeskBook(join(home, 'state', 'j.db'))
})
afterEach(() => {
  book.close()
  rmSync(home, { recursive: true, force: true })
})

const anna: NewSession = {
  channel: 'abcdef',
  uid: 1001,
  who: 'anna',
  terminal: 'term3',
  machine: 'pc1',
  system: 'office',
  session: 'xfce',
}

const last = (channel = anna.channel) => sessionOfChannel(book.db, channel) as Session

describe('the account of sessions', () => {
  it('is a line at the beginning, lines while it is there, and one at the end', () => {
    writeStart(book.db, anna, 1_000)
    expect(last()).toEqual({ ...anna, id: 1, startedAt: 1_000, heardAt: 1_000 })
    writeLater(book.db, last(), 'alive', 61_000)
    expect(last()).toMatchObject({ startedAt: 1_000, heardAt: 61_000 })
    writeLater(book.db, last(), 'end', 3_601_000, 'closed')
    expect(last()).toMatchObject({ endedAt: 3_601_000, how: 'closed' })
    expect(lengthOf(last())).toBe(3_600_000)
    expect(() => writeLater(book.db, last(), 'end', 9_000_000, 'lost')).toThrow(/UNIQUE/)
    expect(last().endedAt).toBe(3_601_000)
  })

  it.each(['{"desk":1}', '["desk",7]', '"desk"', '[', ''])('has no groups where they are %j', (groups) => {
    writeStart(book.db, { ...anna, groups: ['desk'] }, 1_000)
    expect(last().groups).toEqual(['desk'])
    const copy = `INSERT INTO desk_account (what, at, uid, who, channel, groups)
      SELECT what, at, uid, who, 'bcdefg', ? FROM desk_account`
    book.db.prepare(copy).run(groups)
    expect(last('bcdefg')).not.toHaveProperty('groups')
  })

  it('is never changed and loses nothing', () => {
    writeStart(book.db, anna, 1_000)
    expect(() => book.db.exec('UPDATE desk_account SET at = 5')).toThrow('nothing in it is changed')
    expect(() => book.db.exec('DELETE FROM desk_account')).toThrow('nothing in it is taken away')
    expect(last().startedAt).toBe(1_000)
  })

  it('tells what is still there from what has gone without a word', () => {
    writeStart(book.db, anna, 1_000)
    writeStart(book.db, { ...anna, channel: 'bcdefg' }, 1_000)
    writeLater(book.db, last('bcdefg'), 'alive', silentAfter)
    const now = silentAfter + 1_001
    expect([stateOf(last(), now), stateOf(last('bcdefg'), now)]).toEqual(['lost', 'open'])
    expect(lengthOf(last())).toBeUndefined()
    expect(openSessions(book.db, now).map(({ channel }) => channel)).toEqual(['bcdefg'])
    writeLater(book.db, last('bcdefg'), 'end', now, 'lost')
    expect(openSessions(book.db, now)).toEqual([])
  })

  it('has one end of what was silent for too long: when it was last heard, and of no length', () => {
    writeStart(book.db, anna, 1_000)
    writeLater(book.db, last(), 'alive', 61_000)
    writeStart(book.db, { ...anna, channel: 'bcdefg' }, 2_000)
    endSilent(book.db, 2_000 + silentAfter)
    expect(last('bcdefg').endedAt).toBeUndefined()
    endSilent(book.db, 61_000 + silentAfter)
    expect(last('bcdefg')).toMatchObject({ endedAt: 2_000, how: 'silent' })
    expect(last().endedAt).toBeUndefined()
    for (let i = 1; i < 3; i++) endSilent(book.db, 61_000 + silentAfter + i)
    expect(last()).toMatchObject({ endedAt: 61_000, how: 'silent' })
    expect([stateOf(last(), 99_000), lengthOf(last())]).toEqual(['lost', undefined])
    const ends = book.db.prepare("SELECT count(*) AS n FROM desk_account WHERE what = 'end'").get()
    expect(ends?.n).toBe(2)
  })

  it('ends what was silent in files of before, and nothing that had ended', () => {
    writeStart(book.db, anna, 1_000)
    writeStart(book.db, { ...anna, channel: 'bcdefg' }, 1_000)
    writeLater(book.db, last('bcdefg'), 'end', 2_000, 'closed')
    book.db.exec(
      'DROP TABLE desk_look; DROP TABLE desk_sight; DROP TABLE desk_open; DROP TRIGGER desk_open_begins; DROP TRIGGER desk_open_ends',
    )
    book.close()
    book = new DeskBook(join(home, 'state', 'j.db'))
    endSilent(book.db, 10 * silentAfter)
    expect([last().how, last('bcdefg').how]).toEqual(['silent', 'closed'])
  })

  it('gives those that were there between two times', () => {
    for (const [channel, at, end] of [
      ['aaaaaa', 10, 20],
      ['bbbbbb', 15, undefined],
      ['cccccc', 40, 50],
    ] as const) {
      writeStart(book.db, { ...anna, channel }, at)
      if (end !== undefined) writeLater(book.db, last(channel), 'end', end, 'ended')
    }
    const between = (since: number, until: number) =>
      readSessions(book.db, since, until).map(({ channel }) => channel[0])
    expect(between(0, 9)).toEqual([])
    expect(between(0, 12)).toEqual(['a'])
    expect(between(20, 39)).toEqual(['a', 'b'])
    expect(between(21, 40)).toEqual(['b', 'c'])
  })

  it('has none of it written where a part of it fails', () => {
    expect(() =>
      book.transaction(() => {
        writeStart(book.db, anna, 1)
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(readSessions(book.db)).toEqual([])
  })

  it('lies in the file of the journal, with which it goes on', () => {
    writeStart(book.db, anna, 1)
    book.close()
    const journal = new Journal(join(home, 'state', 'j.db'))
    expect(journal.trouble).toBeUndefined()
    journal.close()
    book = new DeskBook(join(home, 'state', 'j.db'))
    expect(last().who).toBe('anna')
  })
})
