import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Clusters } from '../../../src/fleet/cluster/clusters.ts'
import { eventsIn, logSources, logsOf } from '../../../src/fleet/logs/sources.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { say } from '../../../src/hosts/label.ts'
import { fixedZone, namedZone } from '../../../src/services/log-time.ts'
import { snapshot } from '../../support/records.ts'

const lines = (name: string) =>
  readFileSync(resolve(import.meta.dirname, '../../../fixtures', name), 'utf8').split('\n')
const latest = Date.UTC(2026, 10, 30)
const zone = fixedZone(0)

describe('the logs of a host', () => {
  it('are those of its roles', () => {
    expect(logsOf(['display'])).toEqual([])
    expect(logsOf(['hypervisor'])).toMatchObject([
      { source: 'libvirt', files: ['/var/log/libvirt/qemu/*.log'], called: [] },
    ])
    expect(logsOf(['balancer'])).toMatchObject([{ source: 'ldirectord', files: ['/var/log/ldirectord.log'] }])
    const sources = (...roles: Parameters<typeof logsOf>[0]) => logsOf(roles).map(({ source }) => source)
    expect(sources('directory', 'pacemaker')).toEqual(['pacemaker', 'corosync', 'slapd'])
    expect(sources('frontend')).toEqual(['slapd', 'radius'])
    const files = logSources.flatMap((one) => one.files)
    expect(new Set(files).size).toBe(files.length)
  })

  it('tell of the nodes and resources of its cluster, when that is known', () => {
    const clusters = new Clusters([{ host: 'ha2', manager: 'pacemaker' }])
    const piece = {
      host: 'ha2',
      file: '/var/log/pacemaker/pacemaker.log',
      lines: lines('pacemaker-2.1.5/killed.pacemaker.log'),
      zone,
      latest,
    }
    const events = () => eventsIn(piece, { ...snapshot([]), clusters: clusters.records })
    expect(events()).toBe('later')
    clusters.failed('ha2', new HostError('refused', 'ha2', say`no`), 0)
    expect(events()).toMatchObject([
      {
        type: 'node.lost',
        about: { kind: 'node', id: 'ha2 ha1' },
        host: 'ha2',
        name: 'ha1',
        source: 'pacemaker',
      },
      {
        type: 'resource.started',
        about: { kind: 'resource', id: 'ha2 vip' },
        raw: expect.stringContaining('Result of start'),
      },
      { type: 'resource.started', about: { kind: 'resource', id: 'ha2 svc' } },
    ])
  })

  it('under heartbeat tell of a take-over to the second', () => {
    const clusters = new Clusters([{ host: 'ha2', manager: 'heartbeat' }])
    clusters.failed('ha2', new HostError('refused', 'ha2', say`no`), 0)
    const ours = lines('heartbeat-3.0.6/ha-log').slice(49, 68)
    const host = 'ha2'
    const piece = { host, file: '/var/log/ha-log', lines: ours, zone, latest }
    const events = eventsIn(piece, { ...snapshot([]), clusters: clusters.records })
    expect(
      events === 'later' ||
        events.map(({ at, type, name, text }) => `${at % 60_000} ${type} ${name ?? host}: ${text}`),
    ).toEqual([
      '42500 node.lost ha1: the others do not see it any more',
      '42500 takeover.begun ha2: takes over from ha1',
      '42500 link.lost ha2: heartbeat: link eth0 to ha1 is down',
      '43500 resource.started IPaddr2::10.78.0.100/24/eth0: is started',
      '43500 address.moved ha2: takes the address 10.78.0.100',
      '43500 resource.started dummysvc: is started',
      '43500 takeover.done ha2: has taken over from ha1',
    ])
  })

  it('in the journal of systemd are of whom each line names, in the form of syslog', () => {
    const clusters = new Clusters([{ host: 'ha2', manager: 'pacemaker' }])
    clusters.failed('ha2', new HostError('refused', 'ha2', say`no`), 0)
    const at = '2026-11-22T06:48:42.516000+0000 ha2'
    const events = eventsIn(
      {
        host: 'ha2',
        file: 'journal',
        lines: [
          `${at} pacemaker-controld[98]:  notice: Node ha1 state is now lost`,
          `${at} pacemaker-controld[98]:  notice: Result of start operation for vip on ha2: ok`,
          `${at} corosync[76]:   [TOTEM ] A processor failed, forming new configuration.`,
          `${at} heartbeat[51]: [51]: WARN: node ha1: is dead`,
          `${at} Keepalived_vrrp[77]: (VI_1) Entering MASTER STATE`,
          `${at} ldirectord[365]: Quiescent real server: 10.9.0.11:80 (10.9.0.100:80) (Weight set to 0)`,
          `${at} somebody[365]: (VI_1) Entering MASTER STATE`,
          `${at} corosync[365]: Keepalived_vrrp[77]: (VI_1) Entering MASTER STATE`,
          'no line at all',
        ],
        zone: namedZone('Europe/Rome'),
        latest,
      },
      { ...snapshot([]), clusters: clusters.records },
    )
    expect(events === 'later' || events.map(({ source, type }) => `${source} ${type}`)).toEqual([
      'pacemaker node.lost',
      'pacemaker resource.started',
      'corosync node.silent',
      'heartbeat node.lost',
      'keepalived resource.started',
      'ldirectord frontend.out',
    ])
    const times = events === 'later' ? [] : events.map((one) => one.at)
    expect(new Set(times)).toEqual(new Set([Date.UTC(2026, 10, 22, 6, 48, 42, 516) + 0.5]))
  })

  it('tell of what ldirectord did, in the words in which it is seen', () => {
    const [line = ''] = [
      '[Sun Oct 25 02:30:00 2026|ldirectord|365] Quiescent real server: 10.9.0.11:80 (10.9.0.100:80) (Weight set to 0)',
    ]
    const piece = {
      host: 'lb1',
      file: '/var/log/ldirectord.log',
      lines: [line],
      zone: namedZone('Europe/Rome'),
      latest,
    }
    expect(eventsIn(piece, snapshot([]))).toEqual([
      {
        about: { kind: 'host', id: 'lb1' },
        host: 'lb1',
        severity: 'warning',
        type: 'frontend.out',
        source: 'ldirectord',
        text: '10.9.0.11:80 out of 10.9.0.100:80 (ldirectord)',
        // Summer time ends at three, and this is the first of both.
        at: Date.UTC(2026, 9, 25, 0, 30) + 500,
        uncertainty: 500,
        raw: line,
      },
    ])
  })

  it('tell when slapd and FreeRADIUS began and were ended, in their own log and in the journal of systemd', () => {
    const told = (file: string, ...all: string[]) => {
      const events = eventsIn(
        { host: 'fe1', file, lines: all, zone, latest: latest + 172_800_000 },
        snapshot([]),
      )
      if (events === 'later') return []
      return events.map(
        ({ at, source, type, severity, about, text }) =>
          `${new Date(at).toISOString().slice(11, 19)} ${source} ${type} ${severity} ${about.kind}: ${text}`,
      )
    }
    expect(told('journal', ...lines('openldap-2.5.13/slapd.journal').slice(0, 21))).toEqual([
      '00:34:02 slapd server.started info host: slapd started',
      '00:34:02 slapd server.started info host: slapd started',
      '00:34:04 slapd server.stopped warning host: slapd stopped',
    ])
    expect(told('/var/log/freeradius/radius.log', ...lines('freeradius-3.2.1/radius.log'))).toEqual([
      '00:22:16 radius server.started info host: FreeRADIUS started',
      '00:22:19 radius server.stopped warning host: FreeRADIUS stopped',
      '00:22:19 radius server.started info host: FreeRADIUS started',
      '00:22:20 radius server.started info host: FreeRADIUS started',
    ])
    expect(
      told('journal', ...lines('freeradius-3.2.1/radiusd.journal')).map((line) => line.slice(9)),
    ).toEqual([
      'radius server.started info host: FreeRADIUS started',
      'radius server.stopped warning host: FreeRADIUS stopped',
      'radius server.started info host: FreeRADIUS started',
      'radius server.stopped warning host: FreeRADIUS stopped',
    ])
  })

  it('of no source tell of nothing', () => {
    expect(eventsIn({ host: 'a', file: '/x', lines: ['y'], zone, latest }, snapshot([]))).toEqual([])
  })
})
