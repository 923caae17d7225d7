import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answering } from '../../../src/actions/drill/daemons.ts'
import { dutyOf } from '../../../src/actions/drill/duty.ts'
import { holdingOf } from '../../../src/actions/drill/holding.ts'
import { ended, killed, stopped } from '../../../src/actions/drill/process.ts'
import { resultOf, type Seen } from '../../../src/actions/drill/result.ts'
import type { NodeRecord } from '../../../src/fleet/cluster/record.ts'
import { drillSentence } from '../../../src/fleet/drill/words.ts'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { drawingOf } from '../../../src/views/drill/drawing.ts'
import { agreementLines, drillJson, drillReport, isAgreed } from '../../../src/views/drill/report.ts'

const broken = new Date(2026, 10, 30, 10, 2, 3).getTime()

const entry = (
  id: number,
  after: number,
  type: NonNullable<Entry['type']>,
  host: string,
  text: string,
): Entry => ({
  id,
  at: broken + after,
  kind: 'seen',
  severity: 'bad',
  host: label(host),
  type,
  text: label(text),
})

/** Ten requests a second; who is sent to the one that is killed fails, until it is out. */
const service = {
  virtual: 'TCP 10.0.0.100:389',
  real: '10.0.0.12:389',
  balancer: 'lb1',
  duty: 'in service',
  weight: 4,
  active: 0,
  inactive: 0,
} as const
const slapd = { name: 'slapd', pid: 612, units: ['slapd'] }
const drill = {
  kind: 'frontend',
  name: say`fe2`,
  host: 'fe2',
  breaking: killed(slapd),
  sight: dutyOf('fe2', service, answering.LDAP),
}
const seen: Seen = {
  drill,
  how: 'kill',
  isRestored: true,
  virtual: say`TCP 10.0.0.100:389`,
  began: broken - 4_000,
  ended: broken + 15_000,
  broken: { at: broken, uncertainty: 20 },
  back: { at: broken + 10_000, uncertainty: 20 },
  changes: new Map([
    [
      'lb1',
      [
        { at: broken - 3_000, uncertainty: 20, value: '4' },
        { at: broken + 1_900, uncertainty: 30, value: 'none' },
        { at: broken + 12_000, uncertainty: 30, value: '4' },
      ],
    ],
  ]),
  outcomes: Array.from({ length: 190 }, (_, i) => {
    const due = broken - 4_000 + i * 100
    const isHit = due >= broken && due < broken + 1_900 && i % 3 === 0
    return {
      due,
      ended: due + (isHit ? 1 : 12 + (i % 7)),
      ...(isHit ? { why: say`LDAP: connection refused` } : {}),
    }
  }),
  entries: [
    entry(9, 12_050, 'frontend.in', 'lb1', '10.0.0.12:389 back in 10.0.0.100:389, weight 4 (ldirectord)'),
    entry(2, 300, 'directory.failed', 'fe2', 'LDAP: connection refused'),
    entry(3, 1_950, 'frontend.out', 'lb1', '10.0.0.12:389 out of 10.0.0.100:389 (ldirectord)'),
    entry(1, -60_000, 'directory.failed', 'fe2', 'LDAP: connection refused'),
    entry(4, 900, 'frontend.out', 'lb1', '10.0.0.1:389 out of 10.0.0.100:389 (ldirectord)'),
    entry(5, 100, 'directory.failed', 'fe1', 'LDAP: connection refused'),
  ].sort((a, b) => a.at - b.at),
  incidents: [],
}

describe('how a drill came out', () => {
  const result = resultOf({
    ...seen,
    entries: seen.entries.map((one) => (one.id === 2 ? { ...one, at: broken + 110 } : one)),
  })

  it('is when each noticed, and what clients felt of it', () => {
    expect(drillJson(result)).toMatchObject({
      frontend: 'fe2',
      checkSeconds: 0.11,
      outSeconds: 1.9,
      backSeconds: 10,
      inSeconds: 12,
      clients: { all: 101, failed: 6 },
    })
    expect(result.lastFailed).toBe(1_701)
    expect(drillSentence(result)).toBe(
      "killed 10:02:03.00, vdd's check 0.11 s, taken out 1.90 s, clients failed 6 of 101, none after 1.70 s, put back 10.00 s, in service again 12.00 s",
    )
  })

  it("agrees with vdd's timeline to 0.2 s, and what the measuring may be wrong by", () => {
    expect(isAgreed(result)).toBe(true)
    expect(agreementLines(result)).toEqual([
      "the fault: measured 10:02:03.00 (to 0.02 s), vdd's timeline 10:02:03.11, 0.11 s later: agrees",
      "taken out of the service: measured 10:02:04.90 (to 0.03 s), vdd's timeline 10:02:04.95, 0.05 s later: agrees",
      "back in the service: measured 10:02:15.00 (to 0.03 s), vdd's timeline 10:02:15.05, 0.05 s later: agrees",
    ])
    const late = resultOf(seen)
    expect([isAgreed(late), agreementLines(late)[0]]).toEqual([
      false,
      expect.stringMatching(/0.30 s later: DIFFERS$/),
    ])
    const lost = resultOf({ ...seen, entries: [] })
    expect([isAgreed(lost), agreementLines(lost)[1]]).toEqual([
      false,
      expect.stringMatching(/does not tell it$/),
    ])
  })

  it('goes by the incident that it made, and not by one that began before and has come again', () => {
    const of = (fault: number) => {
      const own = seen.entries.find(({ id }) => id === 2)
      if (!own) throw new Error('none')
      const incident = { id: '7', fault: { at: broken + fault, entry: own }, entries: [own] }
      return resultOf({ ...seen, incidents: [incident] as unknown as Seen['incidents'] }).compared[0]?.told
    }
    expect([of(10), of(-60_000)]).toEqual([broken + 10, broken + 300])
  })

  it('tells programs how long after it was broken in seconds, as all JSON does', () => {
    expect(drillJson(result)).toMatchObject({
      uncertaintySeconds: 0.02,
      checkSeconds: 0.11,
      outSeconds: 1.9,
      lastFailedSeconds: 1.701,
      backSeconds: 10,
      inSeconds: 12,
      timeline: [{ uncertaintySeconds: 0.02 }, { uncertaintySeconds: 0.03 }, { uncertaintySeconds: 0.03 }],
    })
  })

  it('of a node is which other has its addresses, for how long it did not, and that it has them again', () => {
    const node = { id: 'kl1+kl2 kl1', name: say`kl1`, cluster: 'kl1+kl2' } as NodeRecord
    const sight = holdingOf('kl1', ['kl1', 'kl2'], node)
    const at = (after: number, value: string) => ({ at: broken + after, uncertainty: 20, value })
    const changes = new Map([
      ['kl1', [at(-3_000, '10.0.0.1,10.0.0.9'), at(-5, '10.0.0.1'), at(11_000, '10.0.0.1,10.0.0.9')]],
      ['kl2', [at(-3_000, '10.0.0.2'), at(640, '10.0.0.2,10.0.0.9'), at(11_050, '10.0.0.2')]],
    ])
    const entries = [
      entry(1, 60, 'server.stopped', 'kl1', 'keepalived stopped'),
      entry(2, 700, 'failover.state', 'kl2', 'VI_1 is master'),
    ]
    const { virtual: _, ...rest } = seen
    const what: Seen = {
      ...rest,
      changes,
      entries,
      outcomes: [],
      drill: { ...drill, kind: 'balancer', name: say`kl1`, host: 'kl1', breaking: ended(slapd), sight },
    }
    const taken = resultOf(what)
    expect(drillSentence(taken)).toBe(
      'ended 10:02:03.00, taken over 0.64 s, put back 10.00 s, back on kl1 11.05 s',
    )
    expect(agreementLines(taken)).toEqual([
      "the fault: measured 10:02:03.00 (to 0.02 s), vdd's timeline 10:02:03.06, 0.06 s later: agrees",
      "another has taken over: measured 10:02:03.64 (to 0.02 s), vdd's timeline 10:02:03.70, 0.06 s later: agrees",
    ])
    expect(drillJson(taken)).toMatchObject({
      balancer: 'kl1',
      service: null,
      takenSeconds: 0.64,
      homeSeconds: 11.05,
      clients: null,
    })
    expect(drawingOf(taken).join('\n')).toMatchInlineSnapshot(`
      "         +---------------X--T------------------------------------B----H---------
                                0 s                 5 s                 10 s
                X ended 0.0 s . T another has taken over 0.64 s . B put back 10.0 s
                H kl1 has it again 11.1 s"
    `)
    const stays = resultOf({
      ...what,
      changes: new Map([...changes].map(([one, all]) => [one, all.slice(0, 2)])),
    })
    expect(drillSentence(stays)).toMatch(/, put back 10\.00 s, not back on kl1 so far$/)
    const nobody = resultOf({
      ...what,
      changes: new Map([...changes].map(([one, all]) => [one, all.slice(0, 1)])),
    })
    expect(drillSentence(nobody)).toMatch(/^ended 10:02:03\.00, not taken over, /)
  })

  it('says what was not seen', () => {
    const { back: _, ...rest } = seen
    const nothing = resultOf({ ...rest, entries: [], changes: new Map() })
    expect(drillSentence(nothing)).toMatch(
      /^killed 10:02:03\.00, vdd's check saw nothing, not taken out, clients failed 6 of \d+, none after 1\.70 s, not put back yet$/,
    )
    expect(drillJson(nothing)).toMatchObject({
      outSeconds: null,
      backSeconds: null,
      inSeconds: null,
      agrees: false,
    })
  })

  it('is drawn in ASCII of 80 columns', () => {
    expect(drawingOf(result).join('\n')).toMatchInlineSnapshot(`
      "requests that failed, in each 0.26 s
             4 |
             3 |
             2 |
             1 |               # #####
               +----------------------------------------------------------------------
      response times: - half of them, * the slowest
         10 ms |----------------------------------------------------------------------
               +---------------XC-----O-----------------------------B-------I---------
                               0 s                5 s                10 s
                X killed 0.0 s . C vdd's check fails 0.11 s
                O taken out of the service 1.9 s . B put back 10.0 s
                I back in the service 12.0 s"
    `)
  })

  it('is drawn whatever was seen', () => {
    const outcome = fc.record({
      due: fc.integer({ min: -5_000, max: 20_000 }),
      took: fc.integer({ min: 0, max: 60_000 }),
      isHit: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(outcome), fc.integer({ min: 0, max: 700_000 }), (all, ended) => {
        const outcomes = all.map(({ due, took, isHit }) => ({
          due: broken + due,
          ended: broken + due + took,
          ...(isHit ? { why: say`no` } : {}),
        }))
        for (const line of drawingOf(resultOf({ ...seen, outcomes, ended: broken + ended }))) {
          expect(line.length).toBeLessThanOrEqual(80)
          expect(line).toMatch(/^[ -~]*$/)
        }
      }),
    )
  })

  it('of what nobody is told of holds no beginning against the timeline, and says when it was noticed', () => {
    const silent = resultOf({ ...seen, drill: { ...drill, breaking: stopped(slapd) } })
    expect(silent.compared.map(({ what }) => what)).toEqual(['out', 'in'])
    expect(agreementLines(silent)[0]).toBe(
      "the fault: nobody is told of it; vdd's timeline has the first sign of it after 0.30 s",
    )
    expect(drillJson(silent)).toMatchObject({ noticedSeconds: 0.3, agrees: true })
  })

  it('is a report as Markdown', () => {
    const report = drillReport(result, { connections: 10, rate: 10 })
    expect(report).toMatch(/^# Drill: frontend fe2\n\nkilled 10:02:03\.00, .*\n/)
    expect(report).toContain(
      '- load on TCP 10.0.0.100:389: 10 connections, 10 requests a second, 190 in all\n- 6 failed: LDAP: connection refused\n',
    )
    expect(report).toContain('\nIt agrees with what was measured beside it')
  })
})
