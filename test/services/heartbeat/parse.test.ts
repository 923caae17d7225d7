import { describe, expect, it } from 'vitest'
import {
  parseHaresources,
  parseLinks,
  parseMembership,
  parseMounts,
  parseNodeNames,
  parseStates,
} from '../../../src/services/heartbeat/parse.ts'

const short = (text: string) =>
  parseHaresources(text).map(
    ({ prefers, kind, name, script, words }) =>
      `${prefers} ${kind} ${name} (${[script, ...words].join(' ')})`,
  )

describe('parseHaresources', () => {
  it('knows addresses, mounts and scripts by what each word says', () => {
    expect(short('hb1 IPaddr2::10.79.0.110/14/eth0 Filesystem::/dev/sda1::/srv/ldap/::ext4 slapd\n')).toEqual(
      [
        'hb1 address 10.79.0.110 (IPaddr2 10.79.0.110/14/eth0)',
        'hb1 mount /srv/ldap (Filesystem /dev/sda1 /srv/ldap/ ext4)',
        'hb1 script slapd (slapd)',
      ],
    )
  })

  it('takes an address alone for the script IPaddr, and one of IPv6 as a whole', () => {
    expect(short('a 10.9.0.100\na 10.9.0.101/24/eth0/10.9.0.255\nb IPv6addr::fd00::100/64')).toEqual([
      'a address 10.9.0.100 (IPaddr 10.9.0.100)',
      'a address 10.9.0.101 (IPaddr 10.9.0.101/24/eth0/10.9.0.255)',
      'b address fd00::100 (IPv6addr fd00 100/64)',
    ])
  })

  it('goes on behind a backslash, and passes over comments, blank lines and what stands twice', () => {
    expect(short('# all\n\nHB1\t10.9.0.100 \\\n   httpd # the web\nhb2 httpd\nhb3\n')).toEqual([
      'hb1 address 10.9.0.100 (IPaddr 10.9.0.100)',
      'hb2 script httpd (httpd)',
    ])
  })

  it('takes what is no address and no path for a script', () => {
    expect(short('a IPaddr2::nonsense Filesystem::x MailTo::a@b.org::Alarm')).toEqual([
      'a script IPaddr2 nonsense (IPaddr2 nonsense)',
      'a script Filesystem x (Filesystem x)',
      'a script MailTo a@b.org Alarm (MailTo a@b.org Alarm)',
    ])
  })
})

describe('the other answers of a node', () => {
  it('name the nodes of ha.cf', () => {
    expect(parseNodeNames('keepalive 2\nnode HB1 hb2 # both\n#node hb9\nnodes x\nnode\thb3')).toEqual([
      'hb1',
      'hb2',
      'hb3',
    ])
  })

  it('tell what is mounted, with blanks in it', () => {
    expect([...parseMounts('/dev/sda1 /srv/l\\040dap ext4 rw 0 0\nproc /proc proc rw 0 0\n\n')]).toEqual([
      '/srv/l dap',
      '/proc',
    ])
  })

  it('tell who hears whom, and nothing where heartbeat is stopped', () => {
    expect(parseMembership('self HB1\nstatus 0\nholds local\nnode hb2 dead\nnode hb1 active\n')).toEqual({
      self: 'hb1',
      isRunning: true,
      holds: 'local',
      nodes: [
        { name: 'hb2', state: 'dead' },
        { name: 'hb1', state: 'active' },
      ],
    })
    expect(parseMembership('self hb1\nHeartbeat is stopped on this machine.\n\nstatus 1\n')).toEqual({
      self: 'hb1',
      isRunning: false,
      nodes: [],
    })
  })

  it('tell of links, and of what scripts say', () => {
    expect(parseLinks('link hb2 eth0 up\nlink hb2 eth1 dead\nlink hb1\n').get('hb2')).toEqual([
      { name: 'eth0', isUp: true },
      { name: 'eth1', isUp: false },
    ])
    expect([...parseStates('here 0 yes\nhere 2 no\nhere 3 perhaps\n')]).toEqual([
      [0, true],
      [2, false],
    ])
  })
})
