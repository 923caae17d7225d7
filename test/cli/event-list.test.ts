import { expect, it } from 'vitest'
import { jsonLine, textOf } from '../../src/cli/event-lines.ts'
import { EventList } from '../../src/cli/event-list.ts'
import type { Entry } from '../../src/fleet/journal/journal.ts'
import { label } from '../../src/hosts/label.ts'

const entry = (id: number, at: number, more: Partial<Entry> = {}): Entry => ({
  id,
  at,
  kind: 'seen',
  severity: 'info',
  host: label('lb1'),
  text: label(`event ${id}`),
  ...more,
})
const lineOf = textOf({ hosts: [] })

it('tells that a line is one that was listed before, now as a log has it, by its number and its time', () => {
  const list = new EventList()
  list.begin([entry(1, 10_000)])
  expect(lineOf(list.next(entry(2, 12_000)))).not.toContain('again')
  const better = list.next(entry(3, 8_000, { instead: 1, uncertainty: 500 }))
  expect(lineOf(better)).toMatch(/:08 {2}info .*event 3 {2}\(again: above as of 1 Jan \d\d:00:10\)$/)
  expect(JSON.parse(jsonLine(better))).toMatchObject({ id: 3, instead: 1, orderUncertain: false })
  // It stands for the other now, also where another one tells it better still.
  expect(lineOf(list.next(entry(4, 9_000, { instead: 3 })))).toContain('(again: above as of 1 Jan')
  // What was not listed is nothing that the reader has seen.
  expect(lineOf(list.next(entry(5, 9_000, { instead: 99 })))).not.toContain('again')
  expect(JSON.parse(jsonLine(list.next(entry(6, 9_000))))).toMatchObject({ instead: null })
})

it('is not certain of a place beside what it stands instead of', () => {
  const list = new EventList()
  const other = { host: label('lb2'), source: 'ldirectord' } as const
  list.begin([entry(1, 10_000, { uncertainty: 500 })])
  expect(lineOf(list.next(entry(2, 10_100, { instead: 1, ...other })))).not.toContain('~')
  expect(lineOf(list.next(entry(3, 10_100, { uncertainty: 100 })))).toContain('~ info')
})

it('marks what it begins with', () => {
  const lines = new EventList()
    .begin([
      entry(1, 10_000, { uncertainty: 500 }),
      entry(2, 10_100, { host: label('lb2') }),
      entry(3, 11_000),
    ])
    .map(lineOf)
  expect(lines.map((line) => line.includes('~ info'))).toEqual([true, true, false])
})
