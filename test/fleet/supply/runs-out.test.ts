import { describe, expect, it } from 'vitest'
import { agedAt } from '../../../src/fleet/aged.ts'
import { alertsOf } from '../../../src/fleet/alerts/alerts.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { type SupplyKind, supplyKinds } from '../../../src/fleet/supply/kinds.ts'
import { runsOut, supplySeverity, supplyText } from '../../../src/fleet/supply/runs-out.ts'
import { failedStorage, readStorage } from '../../../src/fleet/supply/storage.ts'
import { type Amount, Supplies, type Supply } from '../../../src/fleet/supply/supplies.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { host, snapshot } from '../../support/records.ts'

const now = 10_000
const minute = 60_000
const gib = 2 ** 20

const withSupplies = (...supplies: Supply[]): Snapshot => ({ ...snapshot([]), supplies })

function supply(kind: SupplyKind, given: Partial<Supply> = {}): Supply {
  return { host: 'a', kind, at: now, ...given }
}

/** What is known at the end of looks at this, one after so many milliseconds. */
function lastOf(values: readonly number[], every: number, amount: Omit<Amount, 'used'>): Supply | undefined {
  const supplies = new Supplies()
  for (const [i, used] of values.entries()) supplies.note('a', 'host', i * every, [{ ...amount, used }])
  return supplies.records[0]
}

describe('each kind', () => {
  const shares: [kind: SupplyKind, warning: number, bad: number][] = [
    ['descriptors', 80, 95],
    ['memory', 90, 97],
    ['cpu', 90, 98],
    ['file system', 90, 97],
    ['pool', 90, 97],
    ['pages', 80, 95],
  ]

  it.each(shares)('of %s is told of from %d%% on, and as a fault from %d%%', (kind, warning, bad) => {
    const at = (used: number) => supplySeverity(supply(kind, { used, most: 100 }))
    expect([warning - 1, warning, bad - 1, bad].map(at)).toEqual([undefined, 'warning', 'warning', 'bad'])
  })

  it.each([
    ['descriptors', 60 * minute, 10 * minute],
    ['memory', 60 * minute, 10 * minute],
    ['file system', 2 * 24 * 60 * minute, 4 * 60 * minute],
    ['certificate', 21 * 24 * 60 * minute, 7 * 24 * 60 * minute],
  ] as const)(
    'of %s is told of when it ends within %d ms, and as a fault within %d ms',
    (kind, warning, bad) => {
      const at = (left: number) => supplySeverity(supply(kind, { left }))
      expect([warning, warning - 1, bad, bad - 1].map(at)).toEqual([undefined, 'warning', 'warning', 'bad'])
    },
  )

  it('has an advice and a name', () => {
    for (const kind of Object.values(supplyKinds)) {
      expect(kind.advice).not.toBe('')
      expect(kind.title(say`x`)).not.toBe('')
    }
  })
})

describe('the forecast', () => {
  it('tells when memory that rises steadily is all used', () => {
    const rising = Array.from({ length: 60 }, (_, i) => (32 + i * 0.1) * gib)
    const left = lastOf(rising, 1_000, { kind: 'memory', most: 64 * gib })?.left ?? 0
    // 26.1 GiB at 0.1 GiB a second.
    expect(left / 1_000).toBeCloseTo(261, -1)
  })

  it('takes neither a step nor noise for a rise', () => {
    const step = Array.from({ length: 60 }, (_, i) => (i < 30 ? 32 : 40) * gib)
    const noise = Array.from({ length: 60 }, (_, i) => (32 + (i % 2) * 0.2) * gib)
    for (const values of [step, noise])
      expect(lastOf(values, 1_000, { kind: 'memory', most: 64 * gib })).not.toHaveProperty('left')
  })

  it('looks at hours of a file system', () => {
    const rising = Array.from({ length: 60 }, (_, i) => (50 + i * 0.1) * gib)
    const left = lastOf(rising, minute, { kind: 'file system', which: say`/var`, most: 100 * gib })?.left ?? 0
    expect(left / minute).toBeGreaterThan(400)
    expect(left / minute).toBeLessThan(500)
  })

  it('is none of a CPU, which is judged by its mean, and not before that is known', () => {
    const busy = (n: number) => lastOf(Array(n).fill(100), 1_000, { kind: 'cpu', most: 100 })
    expect(busy(10)).toMatchObject({ isBrief: true })
    expect(supplySeverity(busy(10) as Supply)).toBeUndefined()
    expect(supplySeverity(busy(121) as Supply)).toBe('bad')
    const halfTheTime = Array.from({ length: 121 }, (_, i) => (i % 2) * 100)
    expect(lastOf(halfTheTime, 1_000, { kind: 'cpu', most: 100 })?.used).toBeCloseTo(50, 0)
    expect(lastOf(halfTheTime, 1_000, { kind: 'cpu', most: 100 })).not.toHaveProperty('left')
  })

  it('forgets what the host does not name any more', () => {
    const supplies = new Supplies()
    const pool = (name: string): Amount => ({ kind: 'pool', which: label(name), used: 1, most: 2 })
    supplies.note('a', 'host', 0, [pool('x'), pool('y')])
    supplies.note('a', 'host', 1_000, [pool('y')])
    expect(supplies.records.map(({ which }) => which)).toEqual(['y'])
  })
})

describe('the list', () => {
  it('has what is wrong first, then what ends first, then what is fullest', () => {
    const all = withSupplies(
      supply('memory', { used: 40, most: 100 }),
      supply('pool', { which: say`x`, used: 50, most: 100 }),
      supply('file system', { which: say`/var`, used: 10, most: 100, left: 40 * 24 * 60 * minute }),
      supply('cpu', { used: 91, most: 100 }),
      supply('pages', { used: 99, most: 100 }),
    )
    expect(runsOut(all, now).map(({ kind }) => kind)).toEqual([
      'pages',
      'cpu',
      'file system',
      'pool',
      'memory',
    ])
  })

  it('has the descriptors of processes, but not of one without a limit', () => {
    const process = {
      pid: 7,
      name: say`slapd`,
      owner: say`openldap`,
      open: 61,
      softLimit: 64,
      hardLimit: 128,
    }
    const all: Snapshot = {
      ...snapshot([]),
      processes: new Map([['a', [process, { ...process, pid: 8, softLimit: Number.POSITIVE_INFINITY }]]]),
    }
    expect(runsOut(all, now)).toHaveLength(1)
    expect(alertsOf(all, now)).toMatchObject([
      {
        severity: 'bad',
        what: 'descriptors slapd 7',
        text: "95% of slapd's descriptors used (61 of 64)",
        advice: expect.stringContaining('prlimit --pid 7 --nofile=128'),
      },
    ])
  })

  it('has certificates by the time that is left, of servers that answer', () => {
    const directory = {
      host: 'a',
      role: 'provider' as const,
      replication: { state: 'unknown' } as const,
      reading: {
        host: 'a',
        at: now,
        base: 'dc=x',
        check: { ok: true, ms: 1 } as const,
        fresh: { ok: true, ms: 1, triedAt: now } as const,
        csns: new Map(),
        certifiedUntil: now + 6.5 * 24 * 60 * minute,
      },
    }
    expect(alertsOf({ ...snapshot([]), directories: [directory] }, now)).toMatchObject([
      { severity: 'bad', what: 'certificate', text: '6 d 12 h left of the LDAP certificate' },
    ])
    const trouble = { kind: 'timeout', reason: say`LDAP: no answer`, advice: say``, since: now } as const
    expect(runsOut({ ...snapshot([]), directories: [{ ...directory, trouble }] }, now)).toEqual([])
  })

  it('has the figure first, and all figures', () => {
    const full = supply('memory', { used: 60 * gib, most: 64 * gib, left: 40 * minute })
    expect(supplyText(full)).toBe('94% of memory used, none left in 40 min (60.0 GiB of 64.0 GiB)')
  })
})

describe('what is old', () => {
  const full = supply('memory', { used: 99, most: 100 })
  const disk = supply('file system', { which: say`/`, used: 99, most: 100 })

  it('is not told of a host that is silent', () => {
    expect(alertsOf(agedAt(withSupplies(full, disk), now).snapshot, now)).toHaveLength(2)
    const dead: Snapshot = { ...withSupplies(full, disk), seenAt: new Map([['b', now + 60_000]]) }
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: now } as const
    const silent = { ...dead, hosts: [host('a', { trouble, reachable: false }), host('b')] }
    expect(agedAt(silent, now).snapshot.supplies).toEqual([])
  })

  it('of a file system counts until the second look after it is overdue', () => {
    const at = (seconds: number) => {
      const later = now + seconds * 1_000
      const fresh = { ...withSupplies(disk), seenAt: new Map([['a', later]]) }
      return agedAt(fresh, later).snapshot.supplies.length
    }
    expect([60, 120, 130].map(at)).toEqual([1, 1, 0])
  })
})

describe('file systems that cannot be read', () => {
  const error = new HostError('timeout', 'a', say`no answer in 10 s`)

  it('are told of, unless the host is silent anyway', () => {
    const storage = [failedStorage(undefined, error, now)]
    expect(alertsOf({ ...snapshot([]), storage }, now)).toMatchObject([
      { severity: 'warning', what: 'storage', text: 'file systems: no answer in 10 s' },
    ])
    const trouble = { kind: 'timeout', reason: say`no answer`, advice: say``, since: now } as const
    const dead = { ...snapshot([], [host('a', { trouble })]), storage }
    expect(alertsOf(dead, now).map(({ what }) => what)).toEqual(['unreachable'])
  })

  it('are told of where there are more than are watched', () => {
    const full = { ...snapshot([]), storage: [readStorage({ host: 'a', at: now, fileSystems: [], left: 7 })] }
    expect(alertsOf(full, now)).toMatchObject([
      { severity: 'warning', text: 'file systems: 7 more are not watched' },
    ])
    const all = { ...snapshot([]), storage: [readStorage({ host: 'a', at: now, fileSystems: [], left: 0 })] }
    expect(alertsOf(all, now)).toEqual([])
  })

  it('have been so since they first were', () => {
    const first = failedStorage({ host: 'a', at: 5 }, error, 1_000)
    expect(failedStorage(first, error, 9_000)).toMatchObject({ at: 5, trouble: { since: 1_000 } })
  })
})
