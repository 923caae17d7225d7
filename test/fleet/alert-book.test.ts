import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AlertBook } from '../../src/fleet/alert-book.ts'
import type { Alert } from '../../src/fleet/alerts.ts'
import { Journal } from '../../src/fleet/journal.ts'
import { label, say } from '../../src/hosts/label.ts'

const second = 1_000
const alert = (rest: Partial<Alert> = {}): Alert => ({
  severity: 'bad',
  what: 'failed',
  host: 'lb1',
  name: label('fe1'),
  text: say`failed its check`,
  advice: say``,
  ...rest,
})
const filling = alert({ severity: 'warning', what: 'descriptors slapd 612', text: say`812 of 1024` })

let journal: Journal
let book: AlertBook
beforeEach(() => {
  journal = new Journal(':memory:')
  book = new AlertBook(journal)
})
afterEach(() => journal.close())

const ids = (alerts: readonly Alert[], at: number) => book.update(alerts, at * second).map(({ what }) => what)
const acknowledge = (at: number, note = '') => {
  const [standing] = book.update([alert()], at * second)
  if (!standing) throw new Error('no alert')
  journal.acknowledge(standing.id, { at: at * second, who: label('ada'), note: label(note) }, standing)
}

describe('the alert book', () => {
  it('knows since when an alert is there, whatever its text becomes', () => {
    book.update([alert()], 5 * second)
    expect(book.update([alert({ text: say`failed, for 4 s` })], 9 * second)).toMatchObject([
      { since: 5 * second, text: 'failed, for 4 s' },
    ])
  })

  it('tells what is measured only when it has lasted, and as over only when it has been away', () => {
    expect(ids([], -1)).toEqual([])
    expect(ids([filling], 0)).toEqual([])
    expect(ids([filling], 9)).toEqual([])
    expect(ids([filling], 10)).toEqual(['descriptors slapd 612'])
    expect(book.update([], 15 * second)).toMatchObject([{ text: '812 of 1024 (5 s ago)' }])
    expect(book.update([filling], 20 * second)).toMatchObject([{ since: 0, text: '812 of 1024' }])
    expect(ids([], 41)).toEqual([])
  })

  it('tells at once what is there when it first looks', () => {
    expect(ids([filling], 0)).toEqual(['descriptors slapd 612'])
  })

  it('does not ring for a value that flickers about its threshold', () => {
    const told = new Set<number>()
    for (let at = 0; at < 300; at++)
      for (const { since } of book.update(at % 7 < 3 ? [filling] : [], at * second)) told.add(since)
    expect(told.size).toBe(1)
  })

  it('puts what is acknowledged below, with who and what was said', () => {
    acknowledge(1, 'disk is ordered')
    const warning = alert({ severity: 'warning', name: label('fe2') })
    const [first, last] = book.update([alert(), warning], 2 * second)
    expect(first?.name).toBe('fe2')
    expect(last).toMatchObject({ name: 'fe1', acknowledged: { who: 'ada', note: 'disk is ordered' } })
    expect(journal.latest(1)).toMatchObject([
      { kind: 'did', who: 'ada', text: 'acknowledged: failed its check, "disk is ordered"' },
    ])
  })

  it('keeps an acknowledgement over a short absence, and not over a long one', () => {
    acknowledge(1)
    book.update([], 2 * second)
    expect(book.update([alert()], 30 * second)[0]?.acknowledged).toBeDefined()
    book.update([], 31 * second)
    book.update([], 100 * second)
    expect(book.update([alert()], 101 * second)[0]?.acknowledged).toBeUndefined()
  })

  it('shows a console that comes later what another has acknowledged, and does not take it for a new one', () => {
    acknowledge(1)
    expect(new AlertBook(journal).update([alert()], 500 * second)[0]?.acknowledged).toBeDefined()
  })

  it('takes what begins under its eyes for new, whatever the journal says of an earlier one', () => {
    acknowledge(1)
    const later = new AlertBook(journal)
    later.update([], 500 * second)
    expect(later.update([alert()], 501 * second)[0]?.acknowledged).toBeUndefined()
  })

  it('makes what was written by somebody printable', () => {
    acknowledge(1, '\u001b[2J')
    expect(new AlertBook(journal).update([alert()], 2 * second)[0]?.acknowledged?.note).toBe('\\e[2J')
  })
})
