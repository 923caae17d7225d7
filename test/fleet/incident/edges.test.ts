import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Incidents } from '../../../src/fleet/incident/incidents.ts'
import { Ties } from '../../../src/fleet/incident/ties.ts'
import { type Entry, Journal, type NewEntry } from '../../../src/fleet/journal/journal.ts'
import { label } from '../../../src/hosts/label.ts'
import { entry, incidentsOf, members, steps } from './support.ts'

const directory = (id: string) => ({ host: id, about: { kind: 'directory', id } as const })
const resource = (id: string) => ({
  host: 'ha2',
  about: { kind: 'resource', id: `ha1+ha2 ${id}` } as const,
  name: id,
})
const lost = (at: number) => [
  entry(at, 'host.lost', { host: 'ha1' }),
  entry(at + 2, 'node.lost', { host: 'ha2', about: { kind: 'node', id: 'ha1+ha2 ha1' }, name: 'ha1' }),
]

describe('the steps of an incident', () => {
  it('do not begin with what happened long before it', () => {
    const link = (at: number) => entry(at, 'link.lost', { host: 'ha2', about: { kind: 'host', id: 'ha1' } })
    const [late] = incidentsOf(link(1), ...lost(5))
    expect(late && steps(late).detected).toBe(6)
    const [early] = incidentsOf(link(1), ...lost(25))
    expect(early && steps(early).detected).toBe(2)
  })

  it('go on while one follows the other closely', () => {
    const [one] = incidentsOf(
      ...lost(1),
      entry(4, 'resource.moved', resource('a')),
      entry(30, 'resource.moved', resource('b')),
      entry(70, 'resource.moved', resource('c')),
    )
    expect(one && steps(one)).toMatchObject({ acted: 3, settled: 29 })
  })

  it('do not end with the first of what runs elsewhere', () => {
    const stopped = (at: number, id: string) =>
      entry(at, 'resource.stopped', { ...resource(id), severity: 'bad' })
    const [one] = incidentsOf(
      stopped(1, 'a'),
      stopped(1.1, 'b'),
      entry(3, 'resource.started', resource('a')),
      entry(5, 'resource.started', resource('b')),
    )
    expect(one && steps(one)).toMatchObject({ acted: 2, settled: 4, restored: 4 })
  })

  it('do not end with what starts elsewhere', () => {
    const [one] = incidentsOf(
      ...lost(1),
      entry(3.5, 'server.started', { host: 'ha2', raw: 'Starting' }),
      entry(5, 'resource.started', resource('a')),
    )
    expect(one && steps(one)).toMatchObject({ acted: 4, settled: 4 })
  })
})

describe('an incident', () => {
  it('has the number of the first of its faults that was written, whatever is told later', () => {
    const seen = entry(5, 'directory.failed', directory('fe2'))
    const told = entry(3, 'radius.failed', { host: 'fe2', raw: 'a line' })
    expect(incidentsOf(seen, told).map(({ id }) => id)).toEqual([`${seen.id}`])
  })

  it('that has only what failed itself hits nobody else', () => {
    const text = '10.0.0.12:389 out of 10.0.0.100:389 (ldirectord)'
    const [one] = incidentsOf(entry(1, 'frontend.out', { host: 'lb1', text, severity: 'warning' }))
    expect(one?.affected).toEqual([])
  })

  it('keeps the notes of an entry in whose place another came', () => {
    const some = new Incidents(new Ties(members))
    const seen = entry(5, 'directory.failed', directory('fe2'))
    const about = { kind: 'incident', id: `${seen.id}` } as const
    some.take([seen, entry(6, 'incident.noted', { host: 'fe2', about, who: 'ada', text: 'a disk' })])
    some.take([{ ...entry(4, 'directory.failed', { ...directory('fe2'), raw: 'a line' }), instead: seen.id }])
    expect(some.list.map(({ notes }) => notes.map(({ text }) => text))).toEqual([['a disk']])
  })
})

describe('incidents', () => {
  const orders = (entries: readonly Entry[], late: Entry) => {
    const [atOnce, inPieces] = [new Incidents(new Ties(members)), new Incidents(new Ties(members))]
    atOnce.take([...entries, late])
    inPieces.take(entries)
    inPieces.take([late])
    return [inPieces.list, atOnce.list]
  }

  it('take each entry once, when one comes late beside one that is over', () => {
    const over = [
      entry(0, 'directory.failed', directory('fe2')),
      entry(60, 'directory.back', directory('fe2')),
    ]
    const after = entry(100, 'session.lost', { host: 'fe2', name: 'ada' })
    const [pieces, once] = orders([...over, after], entry(90, 'directory.failed', directory('fe1')))
    expect(pieces).toEqual(once)
  })

  it('take what was of one for nothing of the next, when another comes late', () => {
    const moved = { host: 'hv2', about: { kind: 'machine', id: 'u-1' } as const, text: 'from hv1 to hv2' }
    const of = (host: string, at: number) => [
      entry(at, 'host.lost', { host }),
      entry(at + 4, 'host.back', { host }),
    ]
    const all = [...of('hv1', 1), entry(6, 'machine.moved', moved), ...of('hv2', 20)]
    const last = entry(300, 'directory.failed', directory('fe1'))
    const [pieces, once] = orders([...all, last], entry(190, 'directory.failed', directory('fe2')))
    expect(pieces).toEqual(once)
  })

  it('of a journal that was begun anew are its own alone', () => {
    const [before, anew] = [new Journal(':memory:'), new Journal(':memory:')]
    const add = (journal: Journal, { id: _, ...one }: Entry) => journal.add(one satisfies NewEntry)
    for (const one of lost(1)) add(before, one)
    add(before, entry(9, 'directory.failed', directory('fe1')))
    add(anew, entry(5, 'directory.failed', directory('fe2')))
    const some = new Incidents(new Ties(members))
    expect(some.readFrom(before)).toHaveLength(2)
    expect(some.readFrom(anew).map(({ concern }) => concern.name)).toEqual(['fe2'])
    for (const one of [before, anew]) one.close()
  })
})

it('incidents of a journal that was lost for a while are there once when its file is used again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'vdd-incidents-'))
  const inTheWay = join(directory, 'state')
  writeFileSync(inTheWay, '')
  const journal = new Journal(join(inTheWay, 'journal.db'))
  try {
    const some = new Incidents(new Ties(members))
    for (const { id: _, ...one } of lost(1)) journal.add(one)
    const before = some.readFrom(journal)
    expect(before).toHaveLength(1)
    rmSync(inTheWay)
    // Another console has written first, so all have other ids there.
    const other = new Journal(join(inTheWay, 'journal.db'))
    other.add({ at: 1, kind: 'seen', severity: 'info', host: 'x', text: label('x') })
    other.close()
    for (let i = 0; i < 5; i++) journal.look()
    expect(journal.trouble).toBeUndefined()
    const anew = new Incidents(new Ties(members))
    expect(some.readFrom(journal)).toEqual(anew.readFrom(journal))
    expect(some.list).toHaveLength(1)
  } finally {
    journal.close()
    rmSync(directory, { recursive: true })
  }
})

describe('a group of hosts', () => {
  const at = (id: string) => ({ host: label('a'), type: 'node.lost', about: { kind: 'node', id } }) as const

  it('has one name, whichever of its clusters is heard of first, also for who has asked before', () => {
    const names = [
      ['c+d x', 'a+c x'],
      ['a+c x', 'c+d x'],
    ].map((heard) => {
      const ties = new Ties([])
      expect(ties.groupOf('d').id).toBe('d')
      for (const one of heard) expect(ties.learn(at(one))).toBe(true)
      return ties.groupOf('d').id
    })
    expect(names).toEqual(['a', 'a'])
  })
})
