import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Entry, Journal, type NewEntry, type Wanted } from '../../../src/fleet/journal/journal.ts'
import { isWanted, typesNamed } from '../../../src/fleet/journal/wanted.ts'
import { label, say } from '../../../src/hosts/label.ts'

let journal: Journal
beforeEach(() => {
  journal = new Journal(':memory:')
  const common = { kind: 'seen', text: say`x` } as const
  const entries: readonly NewEntry[] = [
    {
      ...common,
      at: 1000,
      severity: 'bad',
      host: 'hv1',
      type: 'host.lost',
      about: { kind: 'host', id: 'hv1' },
    },
    { ...common, at: 3000, severity: 'info', host: 'lb1', type: 'frontend.out', source: 'ldirectord' },
    {
      ...common,
      at: 2000,
      severity: 'warning',
      host: 'hv2',
      about: { kind: 'machine', id: 'u-1' },
      name: label("o'x"),
    },
    { ...common, at: 4000, severity: 'info', host: 'console' },
    {
      ...common,
      at: 4000,
      severity: 'info',
      host: 'hv1',
      type: 'host.back',
      about: { kind: 'host', id: 'hv1' },
    },
  ]
  for (const entry of entries) journal.add(entry)
})
afterEach(() => journal.close())

const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id)

it.each<[Wanted, readonly number[]]>([
  [{}, [5, 4, 2, 3, 1]],
  [{ since: 2000, until: 3000 }, [2, 3]],
  [{ hosts: ['hv1', 'console'] }, [5, 4, 1]],
  [{ hosts: [] }, []],
  [{ objects: ['hv1'] }, [5, 1]],
  [{ objects: ["o'x"] }, [3]],
  [{ objects: ['u-1', 'nobody'] }, [3]],
  [{ severities: ['bad', 'warning'] }, [3, 1]],
  [{ sources: ['ldirectord'] }, [2]],
  [{ sources: ['vdd'] }, [5, 4, 3, 1]],
  [{ types: ['host.lost', 'host.back'] }, [5, 1]],
  [{ types: ['host.lost'], severities: ['info'] }, []],
])('%j: what happened last comes first, and the file and the list agree', (wanted, ids) => {
  expect(idsOf(journal.latest(9, undefined, wanted))).toEqual(ids)
  expect(idsOf(journal.latest(9).filter((entry) => isWanted(wanted, entry)))).toEqual(ids)
})

it('what is told late stands where it happened, and is new to whoever follows', () => {
  journal.add({ at: 1500, seenAt: 9000, kind: 'seen', severity: 'info', host: 'lb1', text: say`late` })
  expect(idsOf(journal.latest(9))).toEqual([5, 4, 2, 3, 6, 1])
  expect(idsOf(journal.latest(9, 3))).toEqual([6, 5, 4])
  expect(journal.newest).toBe(6)
})

it('a word means one happening, or all of a group', () => {
  expect(typesNamed('host.lost')).toEqual(['host.lost'])
  expect(typesNamed('host')).toEqual(['host.lost', 'host.back', 'host.partial', 'host.whole'])
  expect(typesNamed('host.*')).toEqual(typesNamed('host'))
  expect([typesNamed('fenced'), typesNamed('hos'), typesNamed('')]).toEqual([['fenced'], [], []])
})
