import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../src/services/keepalived/log.ts'
import { keepalived } from '../../support/fixture.ts'

const short = (line: string) => {
  const { stamp, type, instance, link } = parseLine(line) ?? {}
  if (!stamp) return undefined
  return [new Date(stamp.local).toISOString().slice(11, 23), type, instance, link].filter(Boolean).join(' ')
}

describe('what a line of syslog tells of keepalived', () => {
  it('is when each node was master, and when keepalived began', () => {
    const all = (name: string) =>
      keepalived(name)
        .split('\n')
        .flatMap((line) => short(line) ?? [])
    expect(all('kl1.syslog')).toEqual([
      '17:30:09.247 server.started',
      '17:30:12.732 master VI_1',
      '17:32:00.879 server.started',
      '17:32:04.351 master VI_1',
    ])
    expect(all('kl2.syslog')).toEqual([
      '17:30:09.374 server.started',
      '17:31:33.615 master VI_1',
      '17:32:04.351 backup VI_1',
    ])
  })

  it.each([
    ['Nov  2 17:32:04 lb1 Keepalived_vrrp[90]: VRRP_Instance(VI_2) Entering MASTER STATE', 'master VI_2'],
    ['Nov  2 17:32:04 lb1 Keepalived_vrrp[90]: (VI_1) Entering FAULT STATE', 'fault VI_1'],
    ['Nov  2 17:32:04 lb1 Keepalived_vrrp[90]: Netlink reports eth0 down', 'link.lost eth0'],
    ['Nov  2 17:32:04 lb1 Keepalived_vrrp[90]: Netlink reports eth0 up', 'link.back eth0'],
    ['Nov  2 17:32:04 kl1 Keepalived[89]: Stopping', 'server.stopped'],
    ['Nov  2 17:32:04 lb1 Keepalived[89]: Stopping Keepalived v1.2.13 (05/28,2014)', 'server.stopped'],
  ])('is the same in %s', (line, told) => {
    expect(short(line)).toBe(`17:32:04.000 ${told}`)
  })

  it.each([
    'Nov  2 17:32:04 lb1 sshd[90]: Keepalived_vrrp[90]: (VI_1) Entering MASTER STATE',
    'Nov  2 17:32:04 lb1 Keepalived_vrrp[90]: (VI_1) Entering MASTER STATE, he said',
    'Nov  2 17:32:04 lb1 Keepalived_vrrp[90]: (VI_1) Entering BACKUP STATE (init)',
    'lb1 Keepalived_vrrp[90]: (VI_1) Entering MASTER STATE',
    '2026-11-30T21:02:19.641178+00:00 kl1 Keepalived[89]: Stopped Keepalived v2.2.7 (01/16,2022)',
    'Nov  2 17:32:04 lb1 Keepalived[89]: Stopping the world',
    '',
  ])('is nothing in %s', (line) => {
    expect(parseLine(line)).toBeUndefined()
  })
})
