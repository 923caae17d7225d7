import { describe, expect, it } from 'vitest'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import type { KindOf } from '../../src/fleet/kinds.ts'
import { isAsking, pollsOf } from '../../src/fleet/polls.ts'
import type { ByFacts, Facts, Snapshot } from '../../src/fleet/snapshot.ts'
import { say } from '../../src/hosts/label.ts'
import { hostView } from '../../src/views/host/view.ts'
import type { TableView } from '../../src/views/view.ts'
import { host, snapshot } from '../support/records.ts'

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

describe('what is asked', () => {
  const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: 5_000 } as const
  const shown = {
    ...snapshot([], [host('a'), host('lb1')]),
    balancers: [{ host: 'lb1', lvs: { at: 1 }, ldirectordTrouble: trouble, lastDid: new Map() }],
    directories: [{ host: 'a', role: 'consumer', replication: { state: 'unknown' } }],
    radius: [{ host: 'a', trouble }],
    displays: [{ host: 'a', displays: [] }],
    storage: [{ host: 'a', at: 1 }],
  } as unknown as Snapshot

  it('is told of all that hosts serve, each by what it is', () => {
    const told = pollsOf(shown).map((one) => [one.host, one.what, one.isAnswered, one.trouble?.reason])
    expect(told).toEqual([
      ['lb1', 'virtual services', true, undefined],
      ['lb1', 'ldirectord', false, 'no answer'],
      ['a', 'LDAP', false, undefined],
      ['a', 'displays', false, undefined],
      ['a', 'RADIUS', false, 'no answer'],
      ['a', 'file systems', true, undefined],
      ['a', 'storage pools', false, undefined],
      ['lb1', 'storage pools', false, undefined],
    ])
  })

  it('is open until an answer or a failure has come', () => {
    expect(
      pollsOf(shown)
        .filter(isAsking)
        .map(({ what }) => what),
    ).toEqual(['LDAP', 'displays', 'storage pools', 'storage pools'])
  })

  it('of a balancer is tried again before its failure counts, and of others not', () => {
    const patient = pollsOf(shown).filter(({ patience }) => patience)
    expect(patient.map(({ what }) => what)).toEqual(['virtual services', 'ldirectord'])
  })
})
