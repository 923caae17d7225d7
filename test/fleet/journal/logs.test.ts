import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FleetEvent } from '../../../src/fleet/event.ts'
import type { EventType } from '../../../src/fleet/event-types.ts'
import { mostOfMinute } from '../../../src/fleet/journal/flood.ts'
import { Journal, type NewEntry } from '../../../src/fleet/journal/journal.ts'
import { mostPositions } from '../../../src/fleet/journal/logs.ts'
import { label, say } from '../../../src/hosts/label.ts'
import type { FilePosition } from '../../../src/services/logs/facts.ts'
import { mostOfMany } from '../../../src/services/logs/places.ts'

let directory: string
let journals: Journal[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-journal-'))
  journals = []
})
afterEach(() => {
  for (const journal of journals) journal.close()
  rmSync(directory, { recursive: true })
})

function open(): Journal {
  const journal = new Journal(join(directory, 'journal.db'))
  journals.push(journal)
  return journal
}

const at = Date.UTC(2026, 10, 22, 6, 48, 42)
const to = (offset: number): FilePosition => ({
  inode: '7',
  head: 'abc',
  headLength: 256,
  offset,
  isInLine: false,
  written: 1,
})
const lost = { severity: 'bad', type: 'node.lost', about: { kind: 'node', id: 'ha1+ha2 ha1' } } as const

function entry(given: Partial<NewEntry> = {}): NewEntry {
  const text = say`the others do not see it any more`
  return { ...lost, kind: 'seen', host: 'ha2', at, text, source: 'pacemaker', raw: say`a line`, ...given }
}

const take = (journal: Journal, from: number | undefined, end: number, ...entries: NewEntry[]) =>
  journal.takeLog({
    host: 'ha2',
    file: '/l',
    from: from === undefined ? undefined : to(from),
    to: to(end),
    entries,
  })
/** As vdd sees it itself. */
const seen = ({ source: _, raw: __, at: ___, about = lost.about, ...rest }: NewEntry): FleetEvent => ({
  ...rest,
  about,
})
const told = (journal: Journal) =>
  journal
    .latest(100)
    .map(({ host, text, source }) => `${source ?? 'seen'} ${host}: ${text}`)
    .sort()

describe('what logs tell', () => {
  it('is in the journal with up to where they were read', () => {
    const journal = open()
    expect(journal.logPosition('ha2', '/l')).toBeUndefined()
    expect(take(journal, undefined, 100, entry())).toBe(true)
    expect(journal.logPosition('ha2', '/l')).toEqual(to(100))
    expect(journal.logPosition('ha1', '/l')).toBeUndefined()
    expect(journal.latest(9)).toMatchObject([{ at, type: 'node.lost', source: 'pacemaker', raw: 'a line' }])
  })

  it('of a FAULT that was seen is one entry, and another one after it was over', () => {
    const journal = open()
    const about = { kind: 'node', id: 'lb1+lb2 lb1' } as const
    const fault = {
      type: 'failover.failed',
      about,
      host: 'lb1',
      source: 'keepalived',
      text: say`FAULT`,
    } as const
    journal.saw([seen(entry(fault))], at)
    take(journal, undefined, 100, entry({ ...fault, at: at - 800 }))
    expect(told(journal)).toEqual(['keepalived lb1: FAULT'])
    journal.saw([seen(entry({ ...fault, type: 'failover.back', text: say`no longer` }))], at + 1_000)
    take(journal, 100, 200, entry({ ...fault, at: at + 2_000 }))
    expect(told(journal)).toEqual(['keepalived lb1: FAULT', 'keepalived lb1: FAULT', 'seen lb1: no longer'])
    // One that was seen and whose line is missing, was over, and came again.
    const other = { ...fault, about: { kind: 'node', id: 'lb1+lb2 lb2' } } as const
    journal.saw([seen(entry({ ...other, text: say`the first` }))], at)
    journal.saw([seen(entry({ ...other, type: 'failover.back', text: say`over` }))], at + 1_000)
    take(journal, 200, 300, entry({ ...other, at: at + 2_000, text: say`the second` }))
    expect(told(journal).filter((line) => / the /.test(line))).toEqual([
      'keepalived lb1: the second',
      'seen lb1: the first',
    ])
  })

  it('of a machine is one entry with what was seen, in the words of that where they say more', () => {
    const journal = open()
    const about = { kind: 'machine', id: 'u1' } as const
    const of = (type: EventType, text: string, after: number) =>
      entry({ type, about, host: 'a', source: 'libvirt', text: label(text), at: at + after })
    journal.saw([seen(of('machine.crashed', 'crashed, was running', 0))], at + 800)
    journal.saw([seen(of('machine.started', 'running (unpaused), was crashed', 0))], at + 1_900)
    journal.saw(
      [{ ...seen(of('machine.moved', 'moved from a to b, running (migrated)', 0)), host: 'b' }],
      at + 9_000,
    )
    take(
      journal,
      undefined,
      100,
      of('machine.crashed', 'crashed', 0),
      of('machine.started', 'running (booted)', 1_500),
      of('machine.moved', 'moved from a', 8_000),
    )
    expect(told(journal)).toEqual([
      'libvirt a: crashed, was running',
      'libvirt a: moved from a to b, running (migrated)',
      'libvirt a: running (booted)',
    ])
    expect(journal.latest(9).map((one) => one.at - at)).toEqual([8_000, 1_500, 0])
    // It died again at once, which nobody has seen: not what was seen before.
    journal.saw([seen(of('machine.started', 'running (booted), was crashed', 0))], at + 60_000)
    take(
      journal,
      100,
      200,
      of('machine.crashed', 'crashed', 61_000),
      of('machine.started', 'running (booted)', 62_000),
    )
    expect(told(journal).filter((line) => !/moved|, was running/.test(line))).toEqual([
      'libvirt a: crashed',
      'libvirt a: running (booted)',
      'libvirt a: running (booted)',
      'seen a: running (booted), was crashed',
    ])
  })

  it('of a machine is the same where it is seen after the log was read, by several consoles', () => {
    const [journal, other] = [open(), open()]
    const about = { kind: 'machine', id: 'u1' } as const
    const of = (type: EventType, text: string, after: number) =>
      entry({ type, about, host: 'a', source: 'libvirt', text: label(text), at: at + after })
    const moved = { ...seen(of('machine.moved', 'moved from a to b, running (migrated)', 0)), host: 'b' }
    take(
      journal,
      undefined,
      100,
      of('machine.crashed', 'crashed', 0),
      of('machine.moved', 'moved from a', 8_000),
    )
    for (const one of [journal, other]) {
      one.saw([seen(of('machine.crashed', 'crashed, was running', 0))], at + 800)
      one.saw([moved], at + 9_000)
    }
    expect(told(journal)).toEqual([
      'libvirt a: crashed, was running',
      'libvirt a: moved from a to b, running (migrated)',
    ])
    expect(journal.latest(9).map((one) => [one.at - at, one.raw])).toEqual([
      [8_000, 'a line'],
      [0, 'a line'],
    ])
    // Each was written twice: as the log told it, and as both do.
    expect(journal.newest).toBe(4)
  })

  it('keeps of one host where the logs that were written last are read, as many as are read of it', () => {
    const journal = new Journal(':memory:')
    journals.push(journal)
    const position = (written: number) => ({ ...to(1), written })
    const takeOf = (host: string, file: string, where: FilePosition | { readonly cursor: string }) =>
      journal.takeLog({ host, file, from: undefined, to: where, entries: [] })
    takeOf('a', 'journal', { cursor: 's=f7' })
    takeOf('b', '/0', position(0))
    for (let i = 0; i <= mostPositions; i++) takeOf('a', `/${i}`, position(i))
    expect(
      ['/0', '/1', '/2', `/${mostPositions}`].map((file) => journal.logPosition('a', file) !== undefined),
    ).toEqual([false, false, true, true])
    expect(journal.logPosition('a', 'journal')).toEqual({ cursor: 's=f7' })
    expect(journal.logPosition('b', '/0')).toEqual(position(0))
    expect(mostPositions).toBeGreaterThan(mostOfMany)
  })

  it('is read of the journal of systemd on from its cursor, by one console', () => {
    const [one, other] = [open(), open()]
    const cursors = ['s=f7;i=1', 's=f7;i=2'].map((cursor) => ({ cursor }))
    const [first, second] = cursors
    const takeOn = (journal: Journal, from: (typeof cursors)[number] | undefined) =>
      second && journal.takeLog({ host: 'ha2', file: 'journal', from, to: second, entries: [entry()] })
    expect(
      first && one.takeLog({ host: 'ha2', file: 'journal', from: undefined, to: first, entries: [] }),
    ).toBe(true)
    expect(other.logPosition('ha2', 'journal')).toEqual(first)
    expect([takeOn(other, first), takeOn(one, first)]).toEqual([true, false])
    expect(one.latest(9)).toHaveLength(1)
    // What somebody else has written is no word of a command.
    one.takeLog({ host: 'ha2', file: 'journal', from: second, to: { cursor: 's=1; reboot' }, entries: [] })
    expect(one.logPosition('ha2', 'journal')).toBeUndefined()
  })

  it('keeps the time at which its line was heard as it was written, where that is closer, and what else was known then', () => {
    const journal = open()
    const out = { type: 'frontend.out', about: { kind: 'host', id: 'lb1' }, source: 'ldirectord' } as const
    const text = say`10.0.0.1:389 out of 10.0.0.9:389 (ldirectord)`
    const known = say`${text}, 0.8 s after its LDAP failed here`
    journal.saw([{ ...out, severity: 'warning', host: 'lb1', text: known, at: at + 430 }], at + 430)
    take(journal, undefined, 100, entry({ ...out, host: 'lb1', text, at: at + 40, uncertainty: 540 }))
    expect(journal.latest(9)).toMatchObject([{ at: at + 430, uncertainty: 200, text: known, raw: 'a line' }])
    // The same where the log was read first.
    const [earlier, since] = [at - 60_000, { ...out, severity: 'warning', host: 'lb1', text: known } as const]
    take(journal, 100, 150, entry({ ...out, host: 'lb1', text, at: earlier + 40, uncertainty: 540 }))
    journal.saw([{ ...since, at: earlier + 430 }], earlier + 430)
    expect(journal.latest(2)[1]).toMatchObject({
      at: earlier + 430,
      uncertainty: 200,
      text: known,
      raw: 'a line',
    })
    // What only looks said of it is no better than its own.
    const { source: _, ...looked } = out
    journal.saw([{ ...looked, severity: 'warning', host: 'lb1', text, at: at + 60_430 }], at + 60_430)
    take(journal, 150, 200, entry({ ...out, host: 'lb1', text, at: at + 60_040, uncertainty: 540 }))
    expect(journal.latest(1)).toMatchObject([{ at: at + 60_040, uncertainty: 540 }])
  })

  it('stands for what a console saw that looked for the first time, however much later, but not after its end', () => {
    const journal = open()
    const own = { ...lost, host: 'ha2', text: say`offline` }
    journal.saw([own], at + 3_600_000)
    take(journal, undefined, 100, entry())
    expect(told(journal)).toEqual(['pacemaker ha2: the others do not see it any more'])
    journal.saw([{ ...own, severity: 'info', type: 'node.joined', text: say`back` }], at + 7_200_000)
    journal.saw([own], at + 9_000_000)
    take(journal, 100, 200, entry({ at: at + 5_000_000 }))
    expect(told(journal)).toHaveLength(4)
  })

  it('is taken in once by several consoles, and by none in vain', () => {
    const [one, other] = [open(), open()]
    expect(take(one, undefined, 100, entry())).toBe(true)
    expect(take(other, undefined, 100, entry())).toBe(false)
    expect(take(other, 100, 200, entry({ at: at + 60_000 }))).toBe(true)
    expect(take(one, 100, 200, entry({ at: at + 60_000 }))).toBe(false)
    expect(one.logPosition('ha2', '/l')).toEqual(to(200))
    expect(told(one)).toHaveLength(2)
  })

  it('takes the place of what was seen of the same', () => {
    const journal = open()
    journal.saw([{ ...lost, host: 'ha2', name: say`ha1`, text: say`offline` }], at + 1_400)
    expect(told(journal)).toEqual(['seen ha2: offline'])
    take(journal, undefined, 100, entry())
    expect(told(journal)).toEqual(['pacemaker ha2: the others do not see it any more'])
    expect(journal.latest(1)[0]).toMatchObject({ at, instead: 1 })
  })

  it('is not told anew when it is seen afterwards', () => {
    const journal = open()
    take(journal, undefined, 100, entry())
    journal.saw([{ ...lost, host: 'ha2', name: say`ha1`, text: say`offline` }], at + 1_400)
    expect(told(journal)).toEqual(['pacemaker ha2: the others do not see it any more'])
  })

  it('is not told anew by a console that sees hours later how it stands since', () => {
    const journal = open()
    const offline = { ...lost, host: 'ha2', name: say`ha1`, text: say`offline` }
    take(journal, undefined, 100, entry())
    journal.saw([offline], at + 3_600_000)
    expect(told(journal)).toHaveLength(1)
    // It came back, and was lost again, of which no log told yet.
    take(journal, 100, 200, entry({ type: 'node.joined', at: at + 7_200_000 }))
    journal.saw([offline], at + 9_000_000)
    expect(told(journal)).toHaveLength(3)
  })

  it('is one event where the logs of several hosts tell of it, and two where one log tells of it twice', () => {
    const journal = open()
    take(journal, undefined, 100, entry(), entry({ at: at + 2_000 }))
    take(journal, 100, 200, entry({ host: 'ha3', at: at + 100 }))
    expect(told(journal)).toHaveLength(2)
  })

  it('of two hosts are two events where each tells of itself', () => {
    const journal = open()
    const of = (host: string) => entry({ host, type: 'resource.started', text: label(`master on ${host}`) })
    take(journal, undefined, 100, of('kl1'))
    take(journal, 100, 200, of('kl2'))
    expect(told(journal)).toHaveLength(2)
    // And what was seen itself is still the same in other words.
    journal.saw([seen({ ...of('kl1'), text: say`runs again` })], at)
    expect(told(journal)).toHaveLength(2)
  })

  it('is not what is seen to begin again since', () => {
    const journal = open()
    const started = { type: 'resource.started', severity: 'info' } as const
    take(journal, undefined, 100, entry(started))
    journal.saw([seen(entry({ type: 'resource.stopped' }))], at + 500)
    journal.saw([seen(entry({ ...started, text: say`runs again` }))], at + 900)
    expect(told(journal)).toContain('seen ha2: runs again')
    // Nor where the log is read afterwards.
    take(journal, 100, 200, entry({ ...started, at: at + 10_000 }))
    journal.saw([seen(entry({ type: 'resource.stopped' }))], at + 20_500)
    journal.saw([seen(entry({ ...started, text: say`runs once more` }))], at + 20_900)
    take(journal, 200, 300, entry({ ...started, at: at + 20_000 }))
    expect(told(journal)).toContain('seen ha2: runs once more')
  })

  it('of another object, of another word, or later, is another event', () => {
    const journal = open()
    take(
      journal,
      undefined,
      100,
      entry(),
      entry({ host: 'ha3', about: { kind: 'node', id: 'ha1+ha2 ha2' } }),
      entry({ host: 'ha3', type: 'node.joined' }),
      entry({ host: 'ha3', at: at + 60_000 }),
    )
    expect(told(journal)).toHaveLength(4)
  })

  it('of a host is the same only in the same words', () => {
    const journal = open()
    const about = { kind: 'host', id: 'lb1' } as const
    const out = (text: NewEntry['text']) =>
      ({ host: 'lb1', about, type: 'frontend.out', severity: 'warning', text }) as const
    journal.saw([out(say`a out of s`), out(say`b out of s`)], at + 300)
    take(journal, undefined, 100, entry({ ...out(say`a out of s`), source: 'ldirectord' }))
    expect(told(journal)).toEqual(['ldirectord lb1: a out of s', 'seen lb1: b out of s'])
  })

  it('is held against what was told of the same object, never against the whole journal', () => {
    const asked = vi.spyOn(DatabaseSync.prototype, 'prepare')
    const journal = open()
    journal.saw([{ ...lost, host: 'ha2', text: say`offline` }], at)
    take(journal, undefined, 100, entry())
    journal.saw([{ ...lost, host: 'ha1', text: say`offline` }], at + 1)
    const questions = asked.mock.calls.map(([sql]) => sql)
    vi.restoreAllMocks()
    const file = new DatabaseSync(join(directory, 'journal.db'))
    const steps = questions.flatMap((sql) => file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
    file.close()
    const told = steps.map(({ detail }) => String(detail))
    expect(told).toContain('SEARCH entry USING INDEX entry_about (about=? AND at>? AND at<?)')
    expect(told.filter((step) => step.startsWith('SCAN entry'))).toEqual([])
  })

  it('is kept of each minute up to a bound for each host, and what is left out is counted', () => {
    const journal = open()
    const flood = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) =>
        entry({ about: { kind: 'node', id: 'ha1+ha2 ha9' }, at: from + i, text: say`${from + i}` }),
      )
    take(journal, undefined, 100, ...flood(at, mostOfMinute + 1), entry({ at: at + 60_000 }))
    take(journal, 100, 200, ...flood(at + 1000, 2))
    take(journal, 200, 300, ...flood(at + 60_000, 2))
    const texts = journal.latest(2_000).map(({ text }) => String(text))
    const left = texts.filter((text) => text.includes('not kept'))
    expect(left.map((text) => text.replace(/ from .*/, ''))).toEqual([
      '2 more lines of /l',
      '1 more line of /l',
    ])
    expect(texts).toHaveLength(mostOfMinute + 1 + 2 + left.length)
    journal.takeLog({
      host: 'ha3',
      file: '/l',
      from: undefined,
      to: to(1),
      entries: [entry({ host: 'ha3', at })],
    })
    expect(journal.latest(2_000).filter(({ host }) => host === 'ha3')).toHaveLength(1)
  })

  it('waits while the file is locked', () => {
    const journal = open()
    const lock = new DatabaseSync(join(directory, 'journal.db'))
    lock.exec('BEGIN IMMEDIATE')
    expect(take(journal, undefined, 100, entry())).toBe(false)
    lock.exec('ROLLBACK')
    lock.close()
    expect(journal.logPosition('ha2', '/l')).toBeUndefined()
    expect(take(journal, undefined, 100, entry())).toBe(true)
  })

  it('is read anew where the place up to which it was read is none', () => {
    const journal = open()
    take(journal, undefined, 100)
    const file = new DatabaseSync(join(directory, 'journal.db'))
    for (const position of [
      '',
      'null',
      '{}',
      '[1]',
      '{"inode":"1","head":"a","headLength":-1,"offset":0,"written":0}',
    ]) {
      file.prepare('UPDATE log_position SET position = ?').run(position)
      expect(journal.logPosition('ha2', '/l')).toBeUndefined()
    }
    file.close()
    expect(take(journal, undefined, 100, entry())).toBe(true)
  })
})
