import { describe, expect, it } from 'vitest'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { pacemaker } from '../../support/fixture.ts'
import { entry, incidentsOf, morning, steps } from './support.ts'

/** When it was done, in seconds after that morning began. */
const clock = (text: string) => (Date.parse(`2026-11-22T${text}Z`) - morning) / 1000

/** What an alert agent of Pacemaker was told, as the event that it is. */
function eventOf(line: string): Entry[] {
  const values = new Map(
    [...line.matchAll(/CRM_alert_(\w+)=(.*?)(?= CRM_alert_|$)/g)].map(([, key, value]) => [key, value]),
  )
  const value = (key: string) => values.get(key) ?? ''
  const at = (Number(value('timestamp_epoch')) * 1e6 + Number(value('timestamp_usec'))) / 1e6 - morning / 1000
  const of = (kind: 'node' | 'resource', name: string) => ({
    host: 'ha2',
    about: { kind, id: `ha1+ha2 ${name}` },
    name,
    source: 'pacemaker' as const,
  })
  if (value('kind') === 'node')
    return [entry(at, value('desc') === 'lost' ? 'node.lost' : 'node.joined', of('node', value('node')))]
  const failed =
    value('rc') !== value('target_rc') && value('task') === 'monitor' && value('desc') !== 'Cancelled'
  if (failed) return [entry(at, 'resource.failed', of('resource', value('rsc')))]
  return value('task') === 'start' ? [entry(at, 'resource.started', of('resource', value('rsc')))] : []
}

const told = pacemaker('failovers.alerts.log').trim().split('\n').flatMap(eventOf)
const between = (from: string, to: string) =>
  told.filter(({ at }) => at >= morning + clock(from) * 1000 && at < morning + clock(to) * 1000)

describe('a recorded failover', () => {
  it('of a node whose corosync was killed is one incident, with the times of its steps', () => {
    const link = pacemaker('killed.corosync.log')
      .split('\n')
      .find((line) => line.endsWith('is down'))
    const lost = clock(/\d\d:\d\d:\d\d\.\d{3}/.exec(link ?? '')?.[0] ?? '')
    const [one, ...more] = incidentsOf(
      entry(lost, 'link.lost', { host: 'ha2', about: { kind: 'host', id: 'ha1' }, source: 'corosync' }),
      ...between('06:48:40', '06:49:43'),
    )
    expect(more).toEqual([])
    const killed = clock('06:48:40.360')
    // corosync itself needs that long until its link is down.
    expect(((one?.fault.at ?? 0) - morning) / 1000 - killed).toBeCloseTo(0.228, 3)
    expect(one && steps(one)).toEqual({ detected: 1.929, acted: 2.213, settled: 2.605, restored: 60.669 })
    expect(one).toMatchObject({ rule: 'cluster', times: 1, affected: ['vip', 'svc'], open: [] })
  })

  it('of a resource is told by the cluster, which has started it again', () => {
    const [one, ...more] = incidentsOf(...between('06:49:50', '06:49:51'))
    expect(more).toEqual([])
    expect(one?.concern.name).toBe('svc')
    expect(one && steps(one)).toEqual({ detected: 0, acted: 0.24, settled: 0.24, restored: 0.24 })
  })

  it('of a cut link is seen from one side', () => {
    const [one, ...more] = incidentsOf(...between('06:50:40', '06:50:48'))
    expect(more).toEqual([])
    expect(((one?.fault.at ?? 0) - morning) / 1000 - clock('06:50:39.961')).toBeCloseTo(2.196, 2)
    expect(one && steps(one)).toEqual({ detected: 0, acted: 1.228, settled: 1.316, restored: 5.632 })
  })
})
