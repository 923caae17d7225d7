import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Alert, alertId } from '../../../src/fleet/alerts/alert.ts'
import { AlertBook, keyOf, keysOf } from '../../../src/fleet/alerts/book.ts'
import type { EventType } from '../../../src/fleet/event-types.ts'
import { Journal, type NewEntry } from '../../../src/fleet/journal/journal.ts'
import { label, say } from '../../../src/hosts/label.ts'

const second = 1_000
const alert = (rest: Partial<Alert> = {}): Alert => ({
  severity: 'bad',
  what: 'failed',
  about: { kind: 'frontend', id: rest.name ?? 'fe1' },
  host: 'lb1',
  name: label('fe1'),
  text: say`failed its check`,
  advice: say``,
  ...rest,
})
const filling = alert({ severity: 'warning', what: 'memory', isMeasured: true, text: say`812 of 1024` })

let journal: Journal
let book: AlertBook
beforeEach(() => {
  journal = new Journal(':memory:')
  book = new AlertBook(journal, -60 * second)
})
afterEach(() => journal.close())

/** What a book tells of what is wrong at a moment, in seconds. */
function told(alerts: readonly Alert[], at: number, by = book) {
  by.note(alerts, at * second)
  return by.standing(alerts, at * second)
}
const ids = (alerts: readonly Alert[], at: number) => told(alerts, at).map(({ what }) => what)
const acknowledge = (at: number, note = '') => {
  const [standing] = told([alert()], at)
  if (!standing) throw new Error('no alert')
  journal.acknowledge(
    keyOf(standing.id, standing.severity),
    { at: at * second, who: label('ada'), note: label(note) },
    standing,
  )
}

describe('the alert book', () => {
  it('knows since when an alert is there, whatever its text becomes', () => {
    told([alert()], 5)
    expect(told([alert({ text: say`failed, for 4 s` })], 9)).toMatchObject([
      { since: 5 * second, text: 'failed, for 4 s' },
    ])
  })

  it('dates each outage by itself, also those that follow each other closely', () => {
    const silent = (since: number) => alert({ what: 'ldap silent', since: since * second })
    expect(told([silent(59)], 59)).toMatchObject([{ since: 59 * second }])
    told([silent(59)], 78)
    told([], 79)
    // Hung, eight seconds after it was back.
    expect(told([silent(87)], 88)).toMatchObject([{ since: 87 * second }])
    // Its answer was overdue before its time was over: that is one outage.
    expect(told([silent(91)], 91)).toMatchObject([{ since: 87 * second }])
    told([], 92)
    expect(told([alert({ what: 'ldap wrong' })], 93)).toMatchObject([{ since: 93 * second }])
  })

  it('knows after a restart since when it is there, from the journal, and says so where nobody does', () => {
    told([alert()], 5)
    const later = new AlertBook(journal, 500 * second)
    expect(told([alert()], 501, later)).toMatchObject([{ since: 5 * second }])
    expect(told([alert()], 501, later)[0]).not.toHaveProperty('orEarlier')
    const unseen = alert({ name: label('fe2'), since: 501 * second })
    expect(told([unseen], 501, later)).toMatchObject([{ since: 501 * second, orEarlier: true }])
    const third = new AlertBook(journal, 900 * second)
    expect(told([unseen], 901, third)).toMatchObject([{ since: 501 * second, orEarlier: true }])
  })

  describe('of what was there when it began says since when', () => {
    const failed = alert({ type: 'directory.failed', ends: ['directory.back'] })
    const entry = (at: number, type: EventType, raw?: string): NewEntry => ({
      at: at * second,
      type,
      kind: 'seen',
      severity: 'bad',
      about: failed.about,
      host: 'fe1',
      text: label(type),
      ...(raw === undefined ? {} : { raw: label(raw) }),
    })
    const ended = () => {
      told([failed], 5)
      book = new AlertBook(journal, 500 * second)
    }
    const since = (at = 501) => told([failed], at).map((one) => [one.since / second, one.orEarlier ?? false])

    it('as its event tells', () => {
      for (const [at, type] of [
        [100, 'directory.failed'],
        [200, 'directory.back'],
        [300, 'directory.failed'],
        [310, 'directory.failed'],
      ] as const)
        journal.add(entry(at, type))
      book = new AlertBook(journal, 500 * second)
      expect(since()).toEqual([[300, false]])
    })

    it('but not as this console has told itself when it came upon it', () => {
      book = new AlertBook(journal, 500 * second)
      journal.add(entry(501, 'directory.failed'))
      expect(since()).toEqual([[501, true]])
    })

    it('as a log tells that is read only afterwards', () => {
      book = new AlertBook(journal, 500 * second)
      expect(since()).toEqual([[501, true]])
      journal.add(entry(100, 'directory.failed', 'the line'))
      expect(since(504)).toEqual([[100, false]])
      expect(journal.beginningOf(alertId(failed))).toEqual({ since: 100 * second })
    })

    it('and not as an earlier console knew that did not see its end', () => {
      ended()
      journal.add(entry(200, 'directory.back', 'the line'))
      expect(since()).toEqual([[501, true]])
    })

    it('and as that knew where two of a kind are about one object', () => {
      journal.add(entry(1, 'directory.failed'))
      told([failed], 200)
      book = new AlertBook(journal, 500 * second)
      expect(since()).toEqual([[200, false]])
    })

    it('as an incident knows that began before', () => {
      book = new AlertBook(journal, 500 * second)
      const incident = alert({ about: { kind: 'incident', id: '7' } })
      expect(told([{ ...incident, since: 50 * second }], 501)[0]).toEqual(
        expect.not.objectContaining({ orEarlier: true }),
      )
      const fresh = { ...incident, about: { kind: 'incident', id: '8' }, since: 501 * second } as const
      expect(told([fresh], 501)).toMatchObject([{ orEarlier: true }])
      const dated = { ...fresh, about: { kind: 'incident', id: '9' }, isDated: true } as const
      expect(told([dated], 502)[0]).not.toHaveProperty('orEarlier')
    })
  })

  it('takes the time of a log for what it saw a little later itself', () => {
    const failed = alert({ type: 'directory.failed', ends: ['directory.back'] })
    expect(told([failed], 503)).toMatchObject([{ since: 503 * second }])
    const text = label('failed')
    const { about } = failed
    const seen = {
      kind: 'seen',
      severity: 'bad',
      type: 'directory.failed',
      about,
      host: 'fe1',
      text,
    } as const
    journal.add({ ...seen, at: 501 * second, raw: label('the line') })
    expect(told([failed], 506)).toMatchObject([{ since: 501 * second }])
  })

  it('forgets when it began what has ended, and writes nothing for a verb that looks once', () => {
    told([alert()], 5)
    told([], 6)
    told([], 70)
    const verb = new AlertBook(journal, 500 * second, false)
    expect(told([alert()], 501, verb)).toMatchObject([{ since: 501 * second, orEarlier: true }])
    expect(told([alert()], 601, new AlertBook(journal, 600 * second))).toMatchObject([
      { since: 601 * second },
    ])
  })

  it('tells what is measured only when it has lasted, and as over only when it has been away', () => {
    expect(ids([], -1)).toEqual([])
    expect(ids([filling], 0)).toEqual([])
    expect(ids([filling], 9)).toEqual([])
    expect(ids([filling], 10)).toEqual(['memory'])
    expect(told([], 15)).toMatchObject([{ text: '812 of 1024 (5 s ago)' }])
    expect(told([filling], 20)).toMatchObject([{ since: 0, text: '812 of 1024' }])
    expect(ids([], 41)).toEqual([])
  })

  it('tells at once what is there when hosts first answer', () => {
    const fresh = new AlertBook(journal, 0)
    expect(told([], 0, fresh)).toEqual([])
    expect(told([filling], 3, fresh)).toHaveLength(1)
  })

  it('writes what is measured into the journal when it is told, and when it gets worse', () => {
    const severities = (alerts: readonly Alert[], at: number) =>
      book.note(alerts, at * second).map(({ severity }) => severity)
    expect(severities([filling], 0)).toEqual([])
    expect(severities([filling], 10)).toEqual(['warning'])
    expect(severities([filling, alert()], 11)).toEqual([])
    expect(severities([{ ...filling, severity: 'bad' }], 12)).toEqual(['bad'])
    expect(severities([filling], 13)).toEqual([])
  })

  it('does not ring for a value that flickers about its threshold', () => {
    const times = new Set<number>()
    for (let at = 0; at < 300; at++)
      for (const { since } of told(at % 7 < 3 ? [filling] : [], at)) times.add(since)
    expect(times.size).toBe(1)
  })

  it('puts what is acknowledged below, with who and what was said', () => {
    acknowledge(1, 'disk is ordered')
    const warning = alert({ severity: 'warning', name: label('fe2') })
    const [first, last] = told([alert(), warning], 2)
    expect(first?.name).toBe('fe2')
    expect(last).toMatchObject({ name: 'fe1', acknowledged: { who: 'ada', note: 'disk is ordered' } })
    expect(journal.latest(1)).toMatchObject([
      { kind: 'did', who: 'ada', text: 'acknowledged: failed its check, "disk is ordered"' },
    ])
  })

  it('puts the worst on top, and what is acknowledged last however bad it is', () => {
    acknowledge(1)
    const named = (name: string, severity: Alert['severity']) => alert({ name: label(name), severity })
    const all = [alert(), named('a', 'warning'), named('b', 'bad'), named('c', 'warning'), named('d', 'bad')]
    expect(told(all, 2).map(({ name }) => name)).toEqual(['b', 'd', 'a', 'c', 'fe1'])
    expect(told(all.toReversed(), 3).map(({ name }) => name)).toEqual(['d', 'b', 'c', 'a', 'fe1'])
  })

  it('writes no warning again for what was a fault', () => {
    const severities = (severity: Alert['severity'], at: number) =>
      book.note([{ ...filling, severity }], at * second).map((one) => one.severity)
    expect([
      severities('bad', 0),
      severities('bad', 10),
      severities('warning', 11),
      severities('bad', 12),
    ]).toEqual([[], ['bad'], [], []])
  })

  it('rings again when the acknowledgement is taken back, whatever it was acknowledged as', () => {
    acknowledge(1, 'mine')
    const [standing] = told([alert()], 2)
    if (!standing?.acknowledged) throw new Error('not acknowledged')
    journal.withdraw(keysOf(standing.id), 3 * second, label('ada'), standing)
    expect(told([alert()], 4)[0]?.acknowledged).toBeUndefined()
    expect(journal.latest(1)).toMatchObject([
      { kind: 'did', who: 'ada', text: 'acknowledgement withdrawn: failed its check' },
    ])
  })

  it('rings again when what was acknowledged as a warning becomes a fault', () => {
    const warning = alert({ severity: 'warning' })
    const [standing] = told([warning], 1)
    if (!standing) throw new Error('no alert')
    const by = { at: second, who: label('ada'), note: say`` }
    journal.acknowledge(keyOf(standing.id, 'warning'), by, standing)
    expect(told([warning], 2)[0]?.acknowledged).toBeDefined()
    expect(told([alert()], 3)[0]?.acknowledged).toBeUndefined()
  })

  it('keeps an acknowledgement over a short absence, and not over a long one', () => {
    acknowledge(1)
    told([], 2)
    expect(told([alert()], 30)[0]?.acknowledged).toBeDefined()
    told([], 31)
    told([], 100)
    expect(told([alert()], 101)[0]?.acknowledged).toBeUndefined()
  })

  it('loses none at the start, when no host has answered yet', () => {
    acknowledge(1)
    const later = new AlertBook(journal, 500 * second)
    told([], 500, later)
    expect(told([alert()], 505, later)[0]?.acknowledged).toBeDefined()
  })

  it('shows a console that comes later what another has acknowledged, and does not take it for a new one', () => {
    acknowledge(1)
    expect(told([alert()], 500, new AlertBook(journal, 500 * second))[0]?.acknowledged).toBeDefined()
  })

  it('takes what begins under its eyes for new, whatever the journal says of an earlier one', () => {
    acknowledge(1)
    const later = new AlertBook(journal, 500 * second)
    told([], 500, later)
    expect(told([alert()], 600, later)[0]?.acknowledged).toBeUndefined()
  })

  it('makes what was written by somebody printable', () => {
    acknowledge(1, '\u001b[2J')
    expect(told([alert()], 2, new AlertBook(journal, 2 * second))[0]?.acknowledged?.note).toBe('\\e[2J')
  })
})
