import { describe, expect, it } from 'vitest'
import type { Kind } from '../../src/fleet/ref.ts'
import type { Snapshot } from '../../src/fleet/snapshot.ts'
import type { Trouble } from '../../src/fleet/trouble.ts'
import { say } from '../../src/hosts/label.ts'
import { viewOf } from '../../src/views/kinds.ts'
import { nothingText } from '../../src/views/nothing.ts'
import { type Choice, everything } from '../../src/views/world.ts'
import { lvsReading } from '../support/balancers.ts'
import { host, snapshot } from '../support/records.ts'

const trouble: Trouble = { kind: 'unreachable', reason: say`no route`, advice: say``, since: 0 }

type Answer = 'silent' | 'answers' | 'asking'

/** Hosts of each role that have told of nothing, answer so or not at all. */
function world(...answers: readonly Answer[]): Snapshot {
  const named = answers.map((answer, i) => ({ answer, name: `h${i + 1}` }))
  const of = (answer: Answer) => (answer === 'silent' ? { trouble } : {})
  const shown = snapshot(
    [],
    named.map(({ name, answer }) =>
      host(name, { roles: ['hypervisor', 'balancer', 'display'], ...of(answer) }),
    ),
  )
  return {
    ...shown,
    seenAt: new Map(named.flatMap(({ name, answer }) => (answer === 'answers' ? [[name, 10_000]] : []))),
    balancers: named.map(({ name, answer }) => ({
      host: name,
      lastDid: new Map(),
      ...(answer === 'answers' ? { lvs: lvsReading(name, 'forms/empty') } : {}),
      ...(answer === 'silent' ? { lvsTrouble: trouble } : {}),
    })),
    displays: named.map(({ name, answer }) => ({
      host: name,
      displays: [],
      ...(answer === 'answers' ? { reading: { at: 10_000, faults: [], left: 0 } } : {}),
      ...of(answer),
    })),
    pools: new Map(named.flatMap(({ name, answer }) => (answer === 'answers' ? [[name, []]] : []))),
  }
}

const said = (kind: Kind, shown: Snapshot, choice: Partial<Choice> = {}): string =>
  nothingText(viewOf(kind), { ...everything, ...choice }, { snapshot: shown })

/** Whose objects are told by hosts; the others stand in the configuration. */
const told = [
  'machine',
  'pool',
  'display',
  'session',
  'frontend',
  'service',
] as const satisfies readonly Kind[]

describe.each(told)('a list of the kind %s without a row', (kind) => {
  it('says that there is none where all have told', () => {
    expect(said(kind, world('answers', 'answers'))).toMatch(/^no /)
  })

  it('says that nothing is known where nobody has, also where faults only or a host are wanted', () => {
    const nobody = 'not known: h1, h2 cannot be read'
    expect(said(kind, world('silent', 'silent'))).toBe(nobody)
    expect(said(kind, world('silent', 'silent'), { faultsOnly: true })).toBe(nobody)
    expect(said(kind, world('answers', 'silent'), { host: 'h2' })).toBe('not known: h2 cannot be read')
  })

  it('says that not all is known where some have not', () => {
    const some = 'not all is known: h2 cannot be read'
    expect(said(kind, world('answers', 'silent'))).toBe(some)
    expect(said(kind, world('answers', 'silent'), { faultsOnly: true })).toBe(some)
    expect(said(kind, world('answers', 'silent'), { filter: 'web' })).toBe(
      `no ${viewOf(kind).name} matches web; ${some}`,
    )
  })

  it('says who is asked, as long as they have not answered', () => {
    expect(said(kind, world('asking', 'silent'))).toMatch(/^asking h1(, once a minute)?$/)
  })

  it('says that nobody is there who could tell', () => {
    expect(said(kind, world())).toMatch(/^no host of the configuration is a /)
  })

  it('names three of many hosts', () => {
    expect(said(kind, world('silent', 'silent', 'silent', 'silent', 'silent'))).toBe(
      'not known: h1, h2, h3 and 2 more cannot be read',
    )
  })
})
