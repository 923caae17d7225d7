import { describe, expect, it } from 'vitest'
import type { DirectoryRecord } from '../../../src/fleet/directory/record.ts'
import type { Duty, FrontendRecord, FrontendService } from '../../../src/fleet/frontend/frontends.ts'
import {
  directoryOf,
  frontendLag,
  processesOf,
  radiusMs,
  radiusOf,
  rateOf,
  sumOf,
  worstOf,
} from '../../../src/fleet/frontend/parts.ts'
import type { RadiusRecord } from '../../../src/fleet/radius/radius-servers.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { label } from '../../../src/hosts/label.ts'
import { snapshot } from '../../support/records.ts'

const service = (given: Partial<FrontendService> = {}): FrontendService => ({
  virtual: 'TCP 10.9.0.100:389',
  real: '10.9.0.11:389',
  balancer: 'lb1',
  duty: 'in service',
  weight: 1,
  active: 3,
  inactive: 4,
  ...given,
})
const frontend = (...services: FrontendService[]): FrontendRecord => ({
  address: '10.9.0.11',
  name: label('fe1'),
  host: 'fe1',
  services,
})

describe('of a front end', () => {
  it('counts the worst that one of its services is', () => {
    const worst = (...duties: Duty[]) => worstOf(frontend(...duties.map((duty) => service({ duty }))))
    expect(worst('in service', 'maintenance', 'failed', 'failed')).toEqual({
      duty: 'failed',
      rank: 2,
      count: 2,
    })
    expect(worst('in service', 'not known')).toEqual({ duty: 'not known', rank: 7, count: 1 })
    expect(worst('held twice', 'no holder')).toEqual({ duty: 'no holder', rank: 0, count: 1 })
    expect(worst()).toBeUndefined()
  })

  it('is the sum of its services, and of rates where any is known', () => {
    const rate = { connections: 2, packetsIn: 0, packetsOut: 0, bytesIn: 10, bytesOut: 0 }
    const two = frontend(service({ active: 5, rate }), service({ rate }), service())
    expect(sumOf(two, ({ active }) => active)).toBe(11)
    expect(sumOf(frontend(), ({ active }) => active)).toBe(0)
    expect(rateOf(two, ({ connections }) => connections)).toBe(4)
    expect(rateOf(frontend(service()), ({ connections }) => connections)).toBeUndefined()
  })

  it('belongs what is known of its host', () => {
    const directory = (host: string, rest: Partial<DirectoryRecord> = {}): DirectoryRecord => ({
      host,
      role: 'consumer',
      replication: { state: 'behind', since: 4_000, atLeast: false },
      reading: {} as never,
      ...rest,
    })
    const all = {
      ...snapshot([]),
      directories: [directory('fe2'), directory('fe1')],
      radius: [{ host: 'fe2' }, { host: 'fe1' }],
      processes: new Map([['fe1', [{ name: label('slapd') }]]]),
    } as unknown as Snapshot
    expect(directoryOf(frontend(), all)?.host).toBe('fe1')
    expect(radiusOf(frontend(), all)?.host).toBe('fe1')
    expect(processesOf(frontend(), all)).toEqual([{ name: 'slapd' }])
    const { host: _, ...unknown } = frontend()
    expect([directoryOf(unknown, all), radiusOf(unknown, all), processesOf(unknown, all)]).toEqual([
      undefined,
      undefined,
      [],
    ])
    expect([frontendLag(frontend(), all, 10_000), frontendLag(unknown, all, 10_000)]).toEqual([
      6_000,
      undefined,
    ])
    const lag = (rest: Partial<DirectoryRecord>) =>
      frontendLag(frontend(), { ...all, directories: [directory('fe1', rest)] }, 10_000)
    expect(lag({ replication: { state: 'in step' } })).toBe(0)
    expect(lag({ replication: { state: 'unknown' } })).toBeUndefined()
    expect(lag({ replication: { state: 'behind', since: 11_000, atLeast: false } })).toBe(0)
    expect(lag({ trouble: {} as never })).toBeUndefined()
    expect(
      frontendLag(frontend(), { ...all, directories: [{ host: 'fe1' } as DirectoryRecord] }, 0),
    ).toBeUndefined()
  })

  it.each([
    [{ reading: { ms: 3 } }, 3],
    [{ reading: { ms: 3, login: { ok: true, ms: 7 } } }, 7],
    [{ reading: { ms: 3, login: { ok: false, ms: 7 } } }, undefined],
    [{ reading: { ms: 3 }, trouble: {} }, undefined],
    [{}, undefined],
  ])('%j is the time of RADIUS', (record, ms) => {
    expect(radiusMs(record as unknown as RadiusRecord)).toBe(ms)
  })
})
