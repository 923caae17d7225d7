import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../src/services/heartbeat/log.ts'
import { heartbeat } from '../../support/fixture.ts'

const short = (line: string) => {
  const { stamp, type, node, resource, link } = parseLine(line) ?? {}
  if (!stamp) return undefined
  const at = new Date(stamp.local).toISOString().slice(stamp.hasYear ? 0 : 5, 19)
  return [at, type, node, resource, link].filter(Boolean).join(' ')
}
const all = (text: string) => text.split('\n').flatMap((line) => short(line) ?? [])

describe('what a line of heartbeat tells', () => {
  it('is told of a take-over, a standby, and of a lost node, in both formats of time', () => {
    const lines = all(heartbeat('ha-log'))
    expect(lines.slice(lines.findIndex((line) => line.startsWith('11-22T07:33:52')))).toEqual([
      '11-22T07:33:52 standby.asked ha1',
      '2026-11-22T07:33:52 resource.started IPaddr2::10.78.0.100/24/eth0',
      '2026-11-22T07:33:52 address.moved 10.78.0.100',
      '2026-11-22T07:33:52 resource.started dummysvc',
      '11-22T07:33:56 standby.asked ha2',
      '2026-11-22T07:33:56 resource.stopped dummysvc',
      '2026-11-22T07:33:56 resource.stopped IPaddr2::10.78.0.100/24/eth0',
      '11-22T07:34:02 node.lost ha1',
      '11-22T07:34:02 takeover.begun ha1',
      '11-22T07:34:02 link.lost ha1 eth0',
      '2026-11-22T07:34:02 resource.started IPaddr2::10.78.0.100/24/eth0',
      '2026-11-22T07:34:02 address.moved 10.78.0.100',
      '2026-11-22T07:34:02 resource.started dummysvc',
      '2026-11-22T07:34:02 takeover.done ha1',
    ])
    expect(lines.slice(0, 4)).toEqual([
      '11-22T07:28:28 server.started',
      '11-22T07:28:29 link.back ha1 eth0',
      '11-22T07:28:29 link.back ha2 eth0',
      '11-22T07:28:29 node.joined ha1',
    ])
  })

  it.each([
    ["Nov  2 01:02:03 hb1 heartbeat: [9]: info: Received shutdown notice from 'hb2'.", 'node.left hb2'],
    [
      'Nov  2 01:02:03 hb1 heartbeat: [9]: CRIT: Cluster node hb2 returning after partition.',
      'cluster.split hb2',
    ],
    ['Nov  2 01:02:03 hb1 heartbeat: [9]: ERROR: Both machines own our resources!', 'cluster.split'],
    ['Nov  2 01:02:03 hb1 heartbeat: [9]: info: hb1 Heartbeat shutdown complete.', 'server.stopped'],
  ])('%s', (line, expected) => {
    expect(short(line)).toBe(`11-02T01:02:03 ${expected}`)
  })

  it('is nothing where it is no such line, and the same with the end of the line', () => {
    for (const line of [
      '',
      'Nov 22 06:53:25',
      'Nix 22 06:53:25 ha2 heartbeat: [51]: WARN: node ha1: is dead',
      'Nov 22 06:53:25 ha2 slapd[51]: WARN: node ha1: is dead',
      'Nov 22 06:53:25 ha2 heartbeat: [51]: info: somebody said node ha1: is dead',
      '2026/11/22_07:33:51  harc(default)[120]:    info: Running /etc/ha.d//rc.d/hb_takeover hb_takeover',
    ])
      expect(short(line)).toBeUndefined()
    expect(short('Nov 22 06:53:25 ha2 heartbeat: [51]: WARN: node ha1: is dead\r\n')).toBe(
      '11-22T06:53:25 node.lost ha1',
    )
  })
})
