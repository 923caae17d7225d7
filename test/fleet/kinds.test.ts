import { describe, expect, it, vi } from 'vitest'
import { displayRecord } from '../../src/fleet/display/record.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import { foundById, type KindOf, kinds, meantAmong, type Records, recordOf } from '../../src/fleet/kinds.ts'
import type { Kind } from '../../src/fleet/ref.ts'
import type { ByFacts, Facts, Snapshot } from '../../src/fleet/snapshot.ts'
import { label, say } from '../../src/hosts/label.ts'
import { hostView } from '../../src/views/host/view.ts'
import type { TableView } from '../../src/views/view.ts'
import { channels, displayServer, displaysOf, logins } from '../support/displays.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { loggedIn, seen } from '../support/sight.ts'
import { word } from '../support/terminals.ts'

// The compiler is the test: what is expected to be wrong here and is not, is an error.
describe('a kind that lacks something does not compile:', () => {
  const { balancers: _, ...others }: Record<keyof Facts, () => never[]> = Object.create(null)

  it('alerts, and who is asked', () => {
    // @ts-expect-error: nothing for balancers
    const lacking: ByFacts<() => never[]> = others
    expect(lacking).toBeDefined()
  })

  it('ageing', () => {
    const { storage: _, seenAt: __, staleAfter: ___, ...rest } = snapshot([])
    // @ts-expect-error: storage would stay fresh for ever
    const lacking: Facts = rest
    expect(lacking).toBeDefined()
  })

  it('a name by which it is found', () => {
    // @ts-expect-error: no id
    const lacking: KindOf<HostRecord> = { name: say`host`, all: () => [], nameOf: () => say`x` }
    expect(lacking).toBeDefined()
  })

  it('a page, words where lines are read, and help', () => {
    const { page: _, ...pageless } = hostView
    const { sentence: __, ...wordless } = hostView
    const { help: ___, ...helpless } = hostView
    const { json: ____, ...jsonless } = hostView
    // @ts-expect-error: no page
    const lacking: TableView<HostRecord>[] = [pageless]
    // @ts-expect-error: no words
    lacking.push(wordless)
    // @ts-expect-error: no help
    lacking.push(helpless)
    // @ts-expect-error: no JSON
    lacking.push(jsonless)
    expect(lacking).toHaveLength(4)
  })
})

describe('the objects of each kind', () => {
  const d1 = host('d1', { roles: ['display'] })
  const [display] = channels(seen())
  const [other] = displaysOf([], { others: [{ display: 0, program: 'Xorg', pid: 5 }] })
  const pool = (name: string, poolName: string) => ({
    id: `${name} ${poolName}`,
    name: label(poolName),
    rawName: poolName,
  })
  const all = {
    ...snapshot(
      [machine({ name: 'we\tb1' }), machine({ name: 'web2', uuid: uuid(2), host: 'b' })],
      [host('a'), host('b'), d1],
    ),
    frontends: [{ address: '10.0.0.11', name: label('fe1'), host: 'fe1', services: [] }],
    services: [{ name: label('TCP 10.0.0.100:389') }],
    directories: [{ host: 'ldap1' }],
    pools: new Map([
      ['b', [pool('b', 'default')]],
      ['a', [pool('a', 'iso')]],
    ]),
    displays: [
      displayServer([...(display ? [display] : []), ...(other ? [displayRecord('d1', other)] : [])], {
        terminals: [word()],
        logins: logins(loggedIn()),
      }),
    ],
  } as unknown as Snapshot

  it.each<[Kind, string, string, string]>([
    ['machine', uuid(1), 'we\\tb1', 'we\tb1'],
    ['host', 'a', 'a', 'a'],
    ['frontend', '10.0.0.11', 'fe1', 'fe1'],
    ['service', 'TCP 10.0.0.100:389', 'TCP 10.0.0.100:389', 'TCP 10.0.0.100:389'],
    ['directory', 'ldap1', 'ldap1', 'ldap1'],
    ['pool', 'b default', 'default', 'default'],
    ['display', 'd1 1003/k7q2mz', ':12', ':12'],
    ['terminal', 'd1 term3', 'term3', 'term3'],
    ['session', 'd1 1003/k7q2mz', 'anna/k7q2mz', 'anna/k7q2mz'],
  ])('%s: have an id, and a name as it is shown and as it is typed', (kind, id, name, typed) => {
    const of: KindOf<unknown> = kinds[kind] as never
    const found = recordOf(kind, id, all)
    expect([of.nameOf(found), of.typed(found)]).toEqual([name, typed])
    expect(of.all(all)).toContain(found)
    for (const one of [id, typed, name]) expect(meantAmong(of, of.all(all), one)).toContain(found)
    expect(recordOf(kind, 'gone', all)).toBeUndefined()
    expect(meantAmong(of, of.all(all), 'gone')).toEqual([])
  })

  it('are meant by whose they are, or where they are', () => {
    const meant = <K extends Kind>(kind: K, word: string) =>
      meantAmong<Records[K]>(kinds[kind] as never, kinds[kind].all(all) as never, word).length
    expect(meant('machine', 'web2@b')).toBe(1)
    expect(meant('machine', 'web2@a')).toBe(0)
    for (const word of ['k7q2mz', 'anna']) expect([word, meant('display', word)]).toEqual([word, 1])
    // She sits at one, and is logged in at another.
    expect([meant('terminal', '10.0.0.3'), meant('terminal', 'anna')]).toEqual([1, 2])
    expect([meant('session', 'anna'), meant('session', 'pts/3'), meant('session', 'k7q2mz')]).toEqual([
      2, 1, 1,
    ])
  })

  it('are the first of several with one id, by which they are looked up once in a snapshot', () => {
    const [first, second] = [machine(), machine({ name: 'web2' })]
    const shown = snapshot([first, second])
    const of = { ...kinds.machine, all: vi.fn(kinds.machine.all) }
    expect([foundById(of, uuid(1), shown), foundById(of, uuid(9), shown)]).toEqual([first, undefined])
    expect(of.all).toHaveBeenCalledOnce()
    expect(foundById(of, uuid(1), snapshot([second]))).toBe(second)
    expect(foundById(kinds.host, 'a', shown)).toMatchObject({ name: 'a' })
  })
})
