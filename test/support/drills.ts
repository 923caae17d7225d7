import type { DrillRecord, Result } from '../../src/fleet/drill/record.ts'
import type { Count } from '../../src/fleet/load/tally.ts'
import { say } from '../../src/hosts/label.ts'

const breaking = {
  title: say`kills slapd (SIGKILL), process 612`,
  past: say`killed`,
  back: say`starts it as it was started`,
}

/** What was seen of a drill on fe2 that was killed at `at`, in milliseconds since the epoch. */
export function drillResult(at: number, given: Partial<Result> = {}): Result {
  const mark = { uncertainty: 20 }
  return {
    seen: {
      drill: { kind: 'frontend', name: say`fe2`, host: 'fe2', breaking },
      how: 'kill',
      virtual: say`TCP 10.0.0.100:389`,
      began: at - 4_000,
      ended: at + 4_000,
      broken: { at, uncertainty: 20 },
      outcomes: Array.from({ length: 160 }, (_, i) => {
        const due = at - 4_000 + i * 50
        const isHit = due >= at && due < at + 1_900 && i % 3 === 0
        return {
          due,
          ended: due + (isHit ? 1 : 12),
          ...(isHit ? { why: say`LDAP: connection refused` } : {}),
        }
      }),
      isRestored: false,
    },
    away: [
      {
        id: 'check',
        sign: 'C',
        title: say`vdd's check fails`,
        word: say`vdd's check`,
        seen: { ...mark, at: at + 310 },
      },
      {
        id: 'out',
        sign: 'O',
        title: say`taken out of the service`,
        word: say`taken out`,
        seen: { ...mark, at: at + 1_940 },
        told: { at: at + 1_990 },
      },
    ],
    home: [{ id: 'in', sign: 'I', title: say`back in the service`, word: say`in service again` }],
    clients: { all: 80, failed: 13 },
    lastFailed: 1_851,
    compared: [],
    ...given,
  }
}

/** One second of load: of twenty requests so many failed. */
export function second(at: number, failed = 0): DrillRecord['perSecond'][number] {
  const count: Count = {
    due: 20,
    answered: 20 - failed,
    failed,
    times: { p50: 7.84, p95: 17, p99: 29 },
    failures: failed ? [{ why: say`LDAP: connection refused`, count: failed }] : [],
  }
  return { at, count }
}

/** A drill on fe2 that was killed at `at`, four seconds ago. */
export function drill(at: number, given: Partial<DrillRecord> = {}): DrillRecord {
  return {
    id: '1',
    name: say`fe2`,
    kind: 'frontend',
    host: 'fe2',
    breaking,
    who: say`ada`,
    began: at - 4_000,
    seconds: 10,
    load: { virtual: say`TCP 10.0.0.100:389`, connections: 10, rate: 20 },
    phase: 'broken',
    serving: say`fe1, fe3 in service; fe2 failed`,
    perSecond: [-3, -2, -1, 0, 1, 2, 3].map((i) => second(at + i * 1_000, i === 0 || i === 1 ? 7 - i : 0)),
    result: drillResult(at),
    ...given,
  }
}

/** The same, once all is as before. */
export function overDrill(at: number): DrillRecord {
  const seen = { uncertainty: 20 }
  const { home, seen: course, ...result } = drillResult(at)
  const back = { ...seen, at: at + 10_020 }
  const again = { ...seen, at: at + 12_600 }
  return drill(at, {
    phase: 'over',
    result: {
      ...result,
      seen: { ...course, ended: at + 15_000, back, isRestored: true },
      home: home.map((one) => ({ ...one, seen: again, told: { at: again.at + 40 } })),
      back: back.at - at,
      compared: [
        { what: 'fault', title: say`the fault`, measured: { ...seen, at }, told: at + 310 },
        {
          what: 'out',
          title: say`taken out of the service`,
          measured: { ...seen, at: at + 1_940 },
          told: at + 1_990,
        },
        { what: 'in', title: say`back in the service`, measured: again, told: again.at + 40 },
      ],
    },
  })
}
