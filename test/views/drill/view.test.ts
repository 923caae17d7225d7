import { describe, expect, it } from 'vitest'
import { DrillLines } from '../../../src/cli/drill-lines.ts'
import { Drills } from '../../../src/fleet/drill/drills.ts'
import type { DrillRecord } from '../../../src/fleet/drill/record.ts'
import { exactSeconds } from '../../../src/fleet/drill/words.ts'
import { say } from '../../../src/hosts/label.ts'
import { lineText } from '../../../src/text/page.ts'
import { drillView } from '../../../src/views/drill/view.ts'
import type { World } from '../../../src/views/world.ts'
import { drill, drillResult, overDrill, second } from '../../support/drills.ts'
import { snapshot } from '../../support/records.ts'

const at = new Date(2026, 10, 30, 10, 2, 3).getTime()

const world = (now: number, drills: readonly DrillRecord[] = []) =>
  ({ snapshot: { ...snapshot([]), drills }, now, entries: [] }) as unknown as World
const page = (one: DrillRecord, now = at + 4_000) =>
  drillView.page(one, world(now), 76).map((parts) => lineText(parts).trimEnd())
const state = (given: Partial<DrillRecord>, now = at + 4_000) =>
  page(drill(at, given), now)
    .find((line) => line.startsWith('State'))
    ?.slice(12)

describe('the page of a drill', () => {
  it('has what puts it back and when, who serves, each step that was seen, and the load, the newest second first', () => {
    expect(page(drill(at))).toEqual([
      'Drill       #1  30 Nov 10:01:59  ada',
      'What        kills slapd (SIGKILL), process 612, on fe2',
      'State       broken for 4 s; in 6 s fe2 itself starts it as it was started',
      'Serving     fe1, fe3 in service; fe2 failed',
      'Load        20 requests a second by 10 connections, on TCP 10.0.0.100:389',
      '',
      '    AFTER STEP',
      '   0.00 s killed, 10:02:03.00',
      "   0.31 s vdd's check fails",
      '   1.94 s taken out of the service',
      '   1.85 s last request that failed, 13 of 80',
      '        - put back',
      '        - back in the service',
      '',
      'TIME       DUE  ANSWERED  FAILED     P50     P95     P99  WHY',
      '10:02:06   20        20       0  7.84ms    17ms    29ms',
      '10:02:05   20        20       0  7.84ms    17ms    29ms',
      '10:02:04   20        14       6  7.84ms    17ms    29ms  LDAP: connection r~',
      '10:02:03   20        13       7  7.84ms    17ms    29ms  LDAP: connection r~',
      '10:02:02   20        20       0  7.84ms    17ms    29ms',
      '10:02:01   20        20       0  7.84ms    17ms    29ms',
      '10:02:00   20        20       0  7.84ms    17ms    29ms',
    ])
  })

  it('says what comes next, in each phase', () => {
    const { result: _, ...before } = drill(at, { phase: 'before' })
    expect(page(before)[2]).toMatch(/not broken yet; first some seconds without a failure/)
    expect(state({ phase: 'told' })).toBe('told to; fe2 has not said yet that it is broken')
    expect(state({}, at + 11_000)).toBe('broken for 11 s; fe2 has not said yet that it is put back')
    expect(state({ phase: 'back' })).toBe('put back; not as before yet')
    expect(state({ phase: 'over' })).toBe('over, and not as before yet')
    expect(state({ phase: 'ended', why: say`Ctrl-C` })).toBe(
      'given up: Ctrl-C; fe2 itself starts it as it was started',
    )
    const { load: __, ...alone } = drill(at, { perSecond: [] })
    expect(page(alone)[4]).toBe('Load        none: the balancers of the configuration have no service there')
  })

  it('says of a host that is silent that it has not said when it was broken', () => {
    const { seen, ...result } = drillResult(at)
    const silent = drill(at, { phase: 'told', result: { ...result, seen: { ...seen, isUnsaid: true } } })
    expect(page(silent)).toContain('   0.00 s told to, 10:02:03.00; when it did it has not said yet')
  })

  it('says that nobody serves, or that it is not known', () => {
    expect(page(drill(at, { serving: undefined }))).toContain('Serving     not known')
  })

  it("is drawn when it is over, no wider than the page, and held against vdd's timeline", () => {
    const lines = page(overDrill(at))
    expect(lines).toContain('State       over, all is as before')
    expect(lines.some((line) => line.startsWith('Serving'))).toBe(false)
    expect(lines).toContain("          X killed 0.0 s . C vdd's check fails 0.31 s")
    expect(lines.at(lines.indexOf("VDD'S TIMELINE") + 1)).toMatch(
      /^the fault: measured 10:02:03.00 .* DIFFERS$/,
    )
    for (const line of lines.slice(0, lines.indexOf("VDD'S TIMELINE")))
      expect(line.length).toBeLessThanOrEqual(76)
  })
})

describe('the list of drills', () => {
  const row = (one: DrillRecord) =>
    drillView.columns(world(at)).map(({ cell }) => {
      const shown = cell(one)
      return typeof shown === 'string' ? shown : shown[0]
    })

  it('has a row for each, with what is known so far', () => {
    expect(row(drill(at)).map(String)).toEqual([
      '#1',
      'broken',
      '30 Nov 10:01:59',
      '1.94 s',
      '13 of 80',
      'fe2: kills slapd (SIGKILL), process 612',
    ])
    const { result: _, ...before } = drill(at, { phase: 'before' })
    expect(row(before).slice(1, 5)).toEqual(['begins', '30 Nov 10:01:59', '-', '-'])
    expect(row(drill(at, { phase: 'over' }))[1]).toBe('over, not as before')
  })

  it('leaves those under way where only these are wanted, and finds one by what is broken', () => {
    const all = world(at, [drill(at), { ...overDrill(at), id: '2' }])
    const arrangement = { filter: '', host: '', faultsOnly: true, sort: 'began', descending: true }
    expect(drillView.rows(all, arrangement).map(({ id }) => id)).toEqual(['1'])
    expect(drillView.rows(all, { ...arrangement, faultsOnly: false, filter: 'fe2' })).toHaveLength(2)
    expect(drillView.find('2', all)?.phase).toBe('over')
  })

  it('reads in one sentence what it is, where it is and how the last second was', () => {
    expect(drillView.sentence(drill(at), world(at + 4_000))).toBe(
      "#1 fe2: kills slapd (SIGKILL), process 612, broken for 4 s; in 6 s fe2 itself starts it as it was started. Last second 20 requests, 0 failed, p95 17ms. killed 10:02:03.00, vdd's check 0.31 s, taken out 1.94 s, clients failed 13 of 80, none after 1.85 s, not put back yet",
    )
  })

  it('is told to programs, with each second', () => {
    const json = drillView.json(drill(at), world(at)) as { result: object; seconds: readonly object[] }
    expect(json).toMatchObject({
      id: 1,
      host: 'fe2',
      phase: 'broken',
      who: 'ada',
      why: null,
      brokenForSeconds: 10,
    })
    expect(json.result).toMatchObject({ frontend: 'fe2', outSeconds: 1.94, inSeconds: null, restored: false })
    expect(json.seconds[3]).toEqual({
      at: new Date(at).toISOString(),
      due: 20,
      answered: 13,
      failed: 7,
      p50Seconds: 0.00784,
      p95Seconds: 0.017,
      p99Seconds: 0.029,
      failures: [{ why: 'LDAP: connection refused', count: 7 }],
    })
  })
})

describe('the lines of a drill', () => {
  it('are told once each: steps when they are seen, and seconds', () => {
    const lines = new DrillLines()
    const { result, ...before } = drill(at, { perSecond: [second(at)] })
    expect(lines.of(before)).toEqual([
      'TIME       DUE  ANSWERED  FAILED     P50     P95     P99  WHY',
      '10:02:03   20        20       0  7.84ms    17ms    29ms',
    ])
    const now = { ...before, result: drillResult(at), perSecond: [second(at), second(at + 1_000, 3)] }
    expect(lines.of(now)).toEqual([
      '-- 0.00 s  killed, 10:02:03.00',
      "-- 0.31 s  vdd's check fails",
      '-- 1.94 s  taken out of the service',
      '10:02:04   20        17       3  7.84ms    17ms    29ms  LDAP: connection refus~',
    ])
    expect(lines.of(now)).toEqual([])
    expect(result).toBeDefined()
  })

  it('have no time before nothing', () => {
    expect([-2, -40, 1_940].map(exactSeconds)).toEqual(['0.00 s', '-0.04 s', '1.94 s'])
  })
})

describe('the drills that are held', () => {
  it('are kept, the newest first, and not for ever', () => {
    let told = 0
    const drills = new Drills(() => told++)
    const { id: _, ...given } = drill(at)
    const ids = Array.from({ length: 60 }, () => drills.begin(given))
    expect([ids[0], ids.at(-1), drills.list.length, drills.list[0]?.id, told]).toEqual([
      '1',
      '60',
      50,
      '60',
      60,
    ])
    drills.change('60', { phase: 'over' })
    expect([drills.list[0]?.phase, drills.list[1]?.phase, told]).toEqual(['over', 'broken', 61])
  })
})
