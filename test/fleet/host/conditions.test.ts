import { describe, expect, it } from 'vitest'
import { hostConditions, isUnknownOf } from '../../../src/fleet/host/conditions.ts'
import type { HostRecord } from '../../../src/fleet/host/record.ts'
import type { Trouble } from '../../../src/fleet/trouble.ts'
import { label } from '../../../src/hosts/label.ts'
import { host } from '../../support/records.ts'

const trouble: Trouble = {
  kind: 'timeout',
  reason: label('no answer in 10 s'),
  advice: label('look'),
  since: 3_000,
}
const seen = { seenAt: new Map([['a', 1_000]]), staleAfter: 4_000 }
const never = { seenAt: new Map<string, number>(), staleAfter: 4_000 }
const at = (given: Partial<HostRecord>, now = 5_000, when: typeof seen = seen) =>
  hostConditions(host('a', given), when, now)

describe('what is wrong with a host', () => {
  it('is nothing where it answers, or has not been asked long enough', () => {
    expect(at({})).toEqual([])
    expect(at({}, 99_000, never)).toEqual([])
  })

  it('is that it is silent, since when, and when it was last seen', () => {
    const told = { over: 'answers again', types: ['host.lost', 'host.back'] }
    const expected = { severity: 'bad', what: 'unreachable', hits: true, ...told }
    expect(at({ trouble })).toEqual([
      {
        ...expected,
        text: 'no answer in 10 s',
        lasting: ', last seen 4 s ago',
        since: 3_000,
        datedWithin: 1_000,
        advice: 'look',
      },
    ])
    expect(at({ trouble }, 5_000, never)).toMatchObject([{ lasting: ', never seen', since: 3_000 }])
    // Its answer is overdue, and why is not known yet.
    expect(at({}, 5_001)).toEqual([{ ...expected, text: 'no answer', lasting: ', last seen 4 s ago' }])
  })

  it('is only its libvirt where the host itself answers', () => {
    expect(at({ trouble: { ...trouble, hostAnswers: true } })).toEqual([
      {
        severity: 'bad',
        what: 'no libvirt',
        text: 'no answer in 10 s',
        lasting: ', they were last seen 4 s ago',
        over: 'libvirt answers again',
        types: ['libvirt.lost', 'libvirt.back'],
        since: 3_000,
        advice: 'look',
      },
    ])
  })

  it('is a bond that lost a link, or all, and what could not be read', () => {
    const bond = { name: label('bond0'), isUp: true, down: [] }
    const bonds = [
      bond,
      { ...bond, name: label('bond1'), active: label('eno1'), down: [label('eno2'), label('eno3')] },
      { ...bond, name: label('bond2'), down: [label('eno5')] },
      { ...bond, name: label('bond3'), isUp: false, down: [label('eno7')] },
    ]
    expect(
      at({ bonds: bonds as never, partial: label('no disks') }).map(({ severity, what, text, over }) => [
        severity,
        what,
        text,
        over,
      ]),
    ).toEqual([
      [
        'warning',
        'bond bond1',
        'bond1: no link on eno2, eno3: eno1 carries all',
        'bond1: all links are up again',
      ],
      ['warning', 'bond bond2', 'bond2: no link on eno5', 'bond2: all links are up again'],
      ['bad', 'bond bond3', 'bond3 is down', 'bond3: all links are up again'],
      ['warning', 'partial', 'no disks', 'answers in full again'],
    ])
  })
})

describe('what is not known of a host', () => {
  it.each<[of: Partial<HostRecord>, unknown: readonly string[]]>([
    [{}, []],
    [{ trouble }, ['no libvirt', 'bond bond0']],
    // The host is there, and so is what is told of it otherwise: whether it is reached, and that libvirt is silent.
    [{ trouble: { ...trouble, hostAnswers: true } }, ['bond bond0']],
  ])('of %j', (given, unknown) => {
    const all = ['unreachable', 'no libvirt', 'bond bond0']
    expect(all.filter((what) => isUnknownOf(host('a', given), what))).toEqual(unknown)
  })
})
