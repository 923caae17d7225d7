import { describe, expect, it } from 'vitest'
import { Clusters } from '../../../src/fleet/cluster/clusters.ts'
import { heartbeatTelling, keepalivedTelling } from '../../../src/fleet/cluster/telling.ts'
import { incidentText } from '../../../src/fleet/incident/words.ts'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { eventsIn } from '../../../src/fleet/logs/sources.ts'
import { label } from '../../../src/hosts/label.ts'
import { fixedZone } from '../../../src/services/log-time.ts'
import { heartbeat, keepalived, ldirectord, pacemaker } from '../../support/fixture.ts'
import { snapshot } from '../../support/records.ts'
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

/** What a log of a host tells, as it stands in the journal. */
function eventsOfLog(
  host: string,
  file: string,
  text: string,
  { records }: Pick<Clusters, 'records'> = { records: [] },
) {
  const piece = { host, file, lines: text.split('\n'), zone: fixedZone(0), latest: Date.UTC(2026, 11, 1) }
  const events = eventsIn(piece, { ...snapshot([]), clusters: records })
  if (events === 'later') throw new Error('its cluster is not known')
  return events.map(
    (event): Entry => ({ ...event, id: entry(0, 'host.back', { host }).id, kind: 'seen', host: label(host) }),
  )
}

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

  it('under heartbeat is one incident, from the first word of the dead node to the last of what it carried', () => {
    const clusters = new Clusters([{ host: 'ha2', manager: 'heartbeat' }])
    const node = (name: string) => ({ name: label(name), state: label('active'), links: [] })
    const facts = { self: label('ha2'), isRunning: true, nodes: [node('ha1'), node('ha2')], carried: [] }
    clusters.reading(heartbeatTelling({ host: 'ha2', at: 0, took: 0, heartbeat: facts }))
    const all = eventsOfLog('ha2', '/var/log/ha-log', heartbeat('ha-log'), clusters)
    const dead = all.filter(({ at }) => at >= morning + clock('07:34:01') * 1000)
    const [one, ...more] = incidentsOf(...dead)
    expect(more).toEqual([])
    expect(one && incidentText(one)).toBe(
      'ha1: out of the cluster 07:34:02.5; IPaddr2::10.78.0.100/24/eth0 runs again (heartbeat) after 0.0 s',
    )
    expect(one).toMatchObject({ rule: 'cluster', open: [{ type: 'node.lost', name: 'ha1' }] })
    expect(one?.affected).toEqual(['IPaddr2::10.78.0.100/24/eth0', '10.78.0.100', 'dummysvc'])
    // Seven seconds before, in the same log: what a person asked for is no incident.
    expect(incidentsOf(...all.filter(({ at }) => at >= morning + clock('07:33:50') * 1000))).toHaveLength(1)
  })

  it('under keepalived has the take-over as the one that took over tells it, and not the way back', () => {
    const clusters = new Clusters(['kl1', 'kl2'].map((host) => ({ host, manager: 'keepalived' })))
    for (const [host, name] of [
      ['kl1', 'VI_1'],
      // Each node may call it as it likes.
      ['kl2', 'VI_directory'],
    ] as const) {
      const instance = { name, routerId: 51, addresses: ['10.79.0.120'], isHere: host === 'kl1' }
      const facts = { self: label(host), isRunning: true, instances: [instance], isTold: true }
      clusters.reading(keepalivedTelling({ host, at: 0, took: 0, keepalived: facts }))
    }
    const file = '/var/log/syslog'
    const all = [
      ...eventsOfLog('kl1', file, keepalived('kl1.syslog'), clusters),
      ...eventsOfLog('kl2', file, keepalived('kl2.syslog').replaceAll('(VI_1)', '(VI_directory)'), clusters),
    ].filter(({ at }) => at > Date.UTC(2026, 10, 30, 17, 31))
    const cut = (Date.UTC(2026, 10, 30, 17, 31, 30, 690) - morning) / 1000
    const seen = [
      entry(cut - 0.4, 'host.lost', { host: 'kl1' }),
      entry(cut + 37, 'host.back', { host: 'kl1' }),
    ]
    const [one, ...more] = incidentsOf(...seen, ...all)
    expect(more).toEqual([])
    expect(one && incidentText(one)).toMatch(
      /^kl1: stopped answering 17:31:30.2; VI_1 runs again \(keepalived\) after 3.3 s; back after 37.4 s$/,
    )
    expect(one?.affected).toEqual(['VI_1'])
  })

  it('of a front end is told by ldirectord alone, which takes it out and lets it in again', () => {
    const all = eventsOfLog('lb1', '/var/log/ldirectord.log', ldirectord('ldirectord.log'))
    const out = all.filter(
      ({ at }) => at > morning + clock('06:55:00') * 1000 && at < morning + clock('06:56:00') * 1000,
    )
    const [one, ...more] = incidentsOf(...out)
    expect(more).toEqual([])
    expect(one && incidentText(one)).toBe('rs2: taken out 06:55:28.5; back after 6.0 s')
  })
})
