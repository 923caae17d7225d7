import { expect, it } from 'vitest'
import { readUntil } from '../../../src/services/logs/watch.ts'
import { needsJournal, whereToRead } from '../../../src/services/logs/where.ts'

const own = [
  { source: 'a', files: ['/a', '/b'], called: ['one', 'two'] },
  { source: 'c', files: ['/c'], called: ['three'] },
] as const
const bySyslog = { source: 'd', files: ['/d', '/syslog'], called: ['four'], bySyslog: true } as const
const found = (paths: readonly string[], denied: readonly string[] = []) => ({
  files: paths.map((path) => ({ path })),
  denied,
})
const live = { mark: 'm', isLive: true, denied: [] } as const

it('the journal is asked for what is in no file, whether that may be read or not', () => {
  const called = (...there: Parameters<typeof found>) =>
    whereToRead(own, found(...there), live).inJournal.flatMap((one) => one.called)
  expect(called([])).toEqual(['one', 'two', 'three'])
  expect(called(['/b'])).toEqual(['three'])
  expect(called(['/a'], ['/c'])).toEqual([])
  expect(needsJournal(own, found(['/a']))).toBe(true)
  expect(needsJournal(own, found(['/a'], ['/c']))).toBe(false)
})

it('what syslog writes is read in the journal where journald runs, whatever a syslog has left', () => {
  const logs = [...own, bySyslog]
  const there = found(['/a', '/c', '/syslog'])
  expect(needsJournal(logs, there)).toBe(true)
  expect(whereToRead(logs, there, live)).toEqual({
    files: ['/a', '/b', '/c'],
    passedOver: ['/d', '/syslog'],
    inJournal: [bySyslog],
  })
  // One that was left by a journald that is gone, and one that may not be read.
  for (const journal of [undefined, { ...live, isLive: false }, { isLive: true, denied: ['/j'] }])
    expect(whereToRead(logs, there, journal)).toEqual({
      files: ['/a', '/b', '/c', '/d', '/syslog'],
      passedOver: [],
      inJournal: [],
    })
  expect(whereToRead(logs, found(['/a', '/c']), { ...live, isLive: false }).inJournal).toEqual([bySyslog])
})

it('of a file by syslog is read until the second in which it was written last', () => {
  const position = { inode: '7', head: 'a', headLength: 1, offset: 1, isInLine: false }
  expect(readUntil([undefined, { cursor: 's=1' }])).toBeUndefined()
  expect(readUntil([{ ...position, written: 50 }, undefined, { ...position, written: 40 }])).toBe(51)
})
