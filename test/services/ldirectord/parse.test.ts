import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/services/ldirectord/config.ts'
import { parseEvent } from '../../../src/services/ldirectord/log.ts'
import { ldirectord } from '../../support/fixture.ts'

describe('parseConfig', () => {
  it('reads the configuration of the recordings', () => {
    const config = parseConfig(ldirectord('ldirectord.cf'))
    expect(config).toMatchObject({
      checkinterval: 5,
      checktimeout: 3,
      negotiatetimeout: 3,
      failurecount: 1,
      quiescent: true,
      readdquiescent: false,
      autoreload: false,
      maintenancedir: '/etc/ha.d/maintenance',
      logfile: '/var/log/ldirectord.log',
      problems: [],
    })
    expect(config.virtuals[0]).toEqual({
      id: 'TCP 10.9.0.100:389',
      line: 9,
      scheduler: 'sed',
      checktype: 'negotiate',
      service: 'ldap',
      request: '/dc=example,dc=org',
      receive: 'dc=example',
      family: 4,
      checkinterval: 5,
      checktimeout: 3,
      negotiatetimeout: 3,
      failurecount: 1,
      quiescent: true,
      reals: [
        { id: '10.9.0.11:389', forward: 'Route', weight: 4, line: 10 },
        { id: '10.9.0.12:389', forward: 'Route', weight: 2, line: 11 },
      ],
    })
  })

  it('has the defaults of the program where nothing is said', () => {
    expect(parseConfig('')).toEqual({
      checkinterval: 10,
      checktimeout: 5,
      negotiatetimeout: 30,
      failurecount: 1,
      quiescent: false,
      readdquiescent: false,
      cleanstop: true,
      autoreload: false,
      logfile: '/var/log/ldirectord.log',
      virtuals: [],
      problems: [],
      names: [],
      ports: [],
    })
  })

  it('reads marks, IPv6, ranges, names of ports, and what a virtual service says of itself', () => {
    const { virtuals, problems } = parseConfig(
      [
        'fork=yes',
        'virtual=7',
        '\treal=10.9.0.11 gate 3 # main',
        'virtual6=[FD00:9::0100]:ldaps # main',
        '    quiescent=yes',
        '    # in between',
        '    checkinterval=2s',
        '    failurecount=3',
        '    protocol=tcp',
        '    fallback6=[::1]:80 gate',
        '    real6=[fd00:9::11]:636 masq l:10 u:20',
        '',
        'virtual = 10.9.0.100:radius',
        '        protocol = udp',
        '        real = 10.9.0.11->10.9.0.13:1812 ipip 5 "user", "x"',
      ].join('\n'),
    )
    expect(problems).toEqual([])
    expect(virtuals.map(({ checkinterval, failurecount }) => [checkinterval, failurecount])).toEqual([
      [10, 1],
      [2, 3],
      [10, 1],
    ])
    expect(
      virtuals.map(({ id, quiescent, reals }) => [
        id,
        quiescent,
        reals.map((r) => `${r.id} ${r.forward} ${r.weight}`),
      ]),
    ).toEqual([
      ['FWM 7', false, ['10.9.0.11:0 Route 3']],
      ['TCP [fd00:9::100]:636', true, ['[fd00:9::11]:636 Masq 1']],
      [
        'UDP 10.9.0.100:1812',
        false,
        ['10.9.0.11:1812 Tunnel 5', '10.9.0.12:1812 Tunnel 5', '10.9.0.13:1812 Tunnel 5'],
      ],
    ])
  })

  const named = [
    'virtual=vip:ldap',
    '\treal=rs1:389 gate 4',
    '\treal=rs1.example.org:389 gate 2',
    '\treal=10.9.0.13:389 gate 1',
    '\tfallback=rs1:80 gate',
    'virtual6=vip:636',
    '\treal6=rs1:636 gate 1',
    'virtual6=7',
    '\tprotocol=fwm',
  ].join('\n')

  it('takes names for the addresses that they stand for on the balancer, by their family', () => {
    expect([...parseConfig(named).names].sort()).toEqual([
      '4 rs1',
      '4 rs1.example.org',
      '4 vip',
      '6 rs1',
      '6 vip',
    ])
    const addresses = new Map([
      ['4 vip', '10.9.0.100'],
      ['4 rs1', '10.9.0.11'],
      ['4 rs1.example.org', '10.9.0.12'],
      ['6 vip', 'fd00:9::100'],
      ['6 rs1', 'fd00:9::11'],
    ])
    const { virtuals, problems } = parseConfig(named, addresses)
    expect(problems).toEqual([])
    expect(virtuals.map(({ id, fallback, reals }) => [id, fallback, reals.map((real) => real.id)])).toEqual([
      ['TCP 10.9.0.100:389', '10.9.0.11:389', ['10.9.0.11:389', '10.9.0.12:389', '10.9.0.13:389']],
      ['TCP [fd00:9::100]:636', undefined, ['[fd00:9::11]:636']],
      ['FWM 7 IPv6', undefined, []],
    ])
  })

  it('names the line of a name that stands for nothing, once, and keeps what it has', () => {
    const { virtuals, problems } = parseConfig(named, new Map([['4 vip', '10.9.0.100']]))
    expect(problems.map(({ line, text, fatal }) => [line, `${text}`, fatal])).toEqual([
      [2, 'rs1 is the name of no address that this balancer knows', true],
      [3, 'rs1.example.org is the name of no address that this balancer knows', true],
      [6, 'vip is the name of no address that this balancer knows', true],
      [7, 'rs1 is the name of no address that this balancer knows', true],
    ])
    expect(virtuals[0]).toMatchObject({ id: 'TCP 10.9.0.100:389', reals: [{ id: 'rs1:389' }, {}, {}] })
    expect(parseConfig(named).problems).toEqual([])
  })

  it('reads the fallback of the whole file and of one service, with the port that the table of the kernel has; a firewall mark has none', () => {
    const text =
      'fallback=127.0.0.1:8080 gate\nvirtual=10.9.0.100:389\n\treal=10.9.0.11:389 gate\nvirtual=10.9.0.100:80\n\tfallback=10.9.0.9:8080 masq\nvirtual=7\n\tprotocol=fwm\n'
    expect(parseConfig(text).virtuals.map(({ fallback }) => fallback)).toEqual([
      '127.0.0.1:389',
      '10.9.0.9:8080',
      undefined,
    ])
  })

  it('names the line of what ldirectord would refuse, and reads the rest', () => {
    const text = `nosuchoption=1\ncheckinterval=abc\nquiescent=maybe\nwhat\n${ldirectord('ldirectord.cf')}\treal=nonsense\n\tcolour=red\nvirtual=nowhere\n\tcomment=c\n`
    const { problems, virtuals, checkinterval } = parseConfig(text)
    expect(problems.map(({ line, text }) => `${line}: ${text}`)).toEqual([
      '1: unknown: nosuchoption',
      '2: checkinterval is no number: abc',
      '3: quiescent is neither yes nor no: maybe',
      '4: not understood: what',
      '29: no real server: nonsense',
      '30: unknown in a virtual service: colour',
      '31: no virtual service: nowhere',
    ])
    expect([virtuals.length, checkinterval]).toEqual([2, 5])
  })

  // Each was put before the `read_config` of ldirectord 4.12, which refused it.
  it.each([
    ['a blank line in a service', 'virtual=10.0.0.1:80\n\n\treal=10.0.0.2:80 gate', 3],
    ['two blanks before a line', 'virtual=10.0.0.1:80\n  real=10.0.0.2:80 gate', 2],
    [
      'a word of the whole file in a service',
      'virtual=10.0.0.1:80\nquiescent=yes\n\treal=10.0.0.2:80 gate',
      3,
    ],
    ['a service twice', 'virtual=10.0.0.1:80\n\tprotocol=tcp\nvirtual=10.0.0.1:80\n\tprotocol=tcp', 3],
    ['real in virtual6', 'virtual6=[fd00::1]:80\n\treal=[fd00::2]:80 gate', 2],
    ['real6 in virtual', 'virtual=10.0.0.1:80\n\treal6=[fd00::2]:80 gate', 2],
    ['capitals', 'quiescent=YES', 1],
    ['the end of a line of Windows', 'quiescent=yes\r', 1],
    ['no quotation marks where they are needed', 'logfile=/x', 1],
    ['quotation marks where there are none', 'virtual="10.0.0.1:80"', 1],
    ['a request without an answer', 'virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 4 "req"', 2],
  ])('names the line of %s', (_what, text, line) => {
    const { problems } = parseConfig(`${text}\n`)
    expect(problems.filter(({ fatal }) => fatal).map((one) => one.line)).toEqual([line])
  })

  it.each([
    [
      'a range that ends before it begins',
      'virtual=7\n\treal=10.0.0.5->10.0.0.2:80 gate',
      'the range ends before it begins: 10.0.0.5 to 10.0.0.2',
    ],
    [
      'a range of IPv6',
      'virtual6=7\n\treal6=[fd00::1]->[fd00::3]:80 gate',
      'a range of IPv6 addresses is not known',
    ],
    [
      'a service that it does not know',
      'virtual=7\n\tservice=ssh',
      /^service must be one of dns, ftp, http, .*: ssh$/,
    ],
    ['a port that is none', 'virtual=10.0.0.1:65536\n\tcomment=c', '65536 is no port of tcp'],
    [
      'the name of no port',
      'virtual=10.0.0.1:nosuch\n\tcomment=c',
      'nosuch is the name of no port that this balancer knows of tcp',
    ],
    [
      'a fallback by a way that is none',
      'fallback=127.0.0.1:80 # sorry',
      'fallback: forwards by gate, masq or ipip: 127.0.0.1:80 # sorry',
    ],
    ['an address of another family', 'virtual=7\n\treal=[fd00::1]:80 gate', 'fd00::1 is no address of IPv4'],
    [
      'a password without quotation marks, which is not shown',
      'virtual=7\n\tpasswd=hush',
      'passwd not in quotation marks',
    ],
    ['a word of JavaScript', 'constructor=1', 'unknown: constructor'],
    [
      'a real server of IPv6 in a service of IPv4',
      'virtual=7\n\treal6=[fd00::1]:80 gate',
      'real6: here it is real',
    ],
    ['a real server of IPv4 in one of IPv6', 'virtual6=7\n\treal=10.9.0.1:80 gate', 'real: here it is real6'],
    [
      'a fallback of IPv4 in one of IPv6',
      'virtual6=7\n\tfallback=10.9.0.1:80',
      'fallback: here it is fallback6',
    ],
    [
      'a real word that is none',
      'virtual=7\n\treal66=10.9.0.1:80 gate',
      'unknown in a virtual service: real66',
    ],
    ['another real word', 'virtual=7\n\tunreal=10.9.0.1:80 gate', 'unknown in a virtual service: unreal'],
    ['what is no word', 'virtual=7\n\t?? hush', 'unknown in a virtual service: ??'],
    ['what is no word, with a value', 'virtual=7\n\t??:hush', 'unknown in a virtual service: ??'],
    ['an indented line before any service', '\tnosuch = hush', 'nosuch: stands in no virtual service'],
    ['a line that is none', '??="hush"', 'not understood: ??'],
    ['blanks alone in a service', 'virtual=7\n\t\t', 'blanks alone: an empty line ends a virtual service'],
    [
      'a service at the end of the file',
      'virtual=7',
      'a virtual service without a line of its own may not end the file',
    ],
  ])('says what is wrong with %s', (_, text, said) => {
    const { problems } = parseConfig(text)
    expect(problems).toMatchObject([
      { text: typeof said === 'string' ? said : expect.stringMatching(said), fatal: true },
    ])
  })

  it('has no real server in a range whose numbers get longer, since ldirectord compares them as texts', () => {
    const { virtuals } = parseConfig(
      'virtual=7\n\treal=5.245.224.254->5.245.225.1:80 gate\n\treal=9.255.255.255->10.0.0.1:80 gate\n',
    )
    expect(virtuals[0]?.reals.map(({ id }) => id)).toEqual(['9.255.255.255:80', '10.0.0.0:80', '10.0.0.1:80'])
  })

  it('reads only so many real servers, and says so', () => {
    const { virtuals, problems } = parseConfig(
      'virtual=7\n\treal=10.0.0.0->10.200.0.0:80 gate\n\treal=11.0.0.0->11.200.0.0:80 gate\n',
    )
    expect(virtuals[0]?.reals).toHaveLength(2_000)
    expect(problems).toMatchObject([
      { line: 2, fatal: false },
      { line: 3, fatal: false },
    ])
  })

  it('goes by the names of ports that the balancer has', () => {
    const text = 'virtual=10.0.0.1:own\n\treal=10.0.0.2:www gate\n'
    expect(parseConfig(text).ports).toEqual(['any www', 'tcp own'])
    const { virtuals, problems } = parseConfig(
      text,
      new Map([
        ['tcp own', '8080'],
        ['any www', '8081'],
      ]),
    )
    expect(problems.filter(({ fatal }) => fatal)).toEqual([])
    expect(virtuals).toMatchObject([{ id: 'TCP 10.0.0.1:8080', reals: [{ id: '10.0.0.2:8081' }] }])
    expect(
      parseConfig(
        text,
        new Map([
          ['tcp own', '8080'],
          ['any www', ''],
        ]),
      ).problems,
    ).toMatchObject([{ line: 2, text: 'www is the name of no port that this balancer knows' }])
  })

  it('takes what ldirectord takes, and as the program does, not as its manual says', () => {
    const { virtuals, problems, quiescent, maintenancedir } = parseConfig(
      'supervised\ncheckinterval=5 # c\nmaintenancedir="/etc/m"\nvirtual=10.0.0.1:53\n\treal=10.0.0.2:53 gate 4#x\n\tschedflags="sh-port"\n\tservicename=dns\n\tcomment=c\n',
    )
    expect(problems).toEqual([])
    expect([quiescent, maintenancedir, virtuals[0]?.id]).toEqual([false, '"/etc/m"', 'UDP 10.0.0.1:53'])
  })

  it('warns of a real server that stands there twice, and takes the first', () => {
    const { problems, virtuals } = parseConfig(
      'virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 1\n\treal=10.0.0.2:80 gate 9\n',
    )
    expect(problems).toEqual([{ line: 3, text: '10.0.0.2:80 stands here twice', fatal: false }])
    expect(virtuals[0]?.reals).toMatchObject([{ weight: 1 }])
  })

  it('reads any text without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parseConfig(`virtual=1\n\treal=${text}`)),
    )
  })
})

describe('a configuration with more real servers than anybody has', () => {
  it('is read up to two thousand, and says so', () => {
    const ranges = Array.from({ length: 60 }, (_, i) => `\treal=10.1.${i}.0->10.1.${i}.255:389 gate`)
    const { virtuals, problems } = parseConfig(`virtual=10.9.0.100:389\n${ranges.join('\n')}\n`)
    expect(virtuals[0]?.reals).toHaveLength(2_000)
    expect(problems[0]?.text).toBe('not read: there are more than 2000 real servers')
  })
})

describe('a configuration that is hostile', () => {
  it('does not go through one range as often as it is written', () => {
    const ranges = '\treal=10.0.0.1->10.200.0.0:389 gate\n'.repeat(2_000)
    const { virtuals, problems } = parseConfig(`virtual=10.9.0.100:389\n${ranges}`)
    expect(virtuals[0]?.reals).toHaveLength(2_000)
    expect(problems).toHaveLength(200)
  })

  it('is read up to 500 services, says so, and has no names looked up of what is not read', () => {
    const services = Array.from(
      { length: 9_000 },
      (_, i) => `virtual=10.9.${i >> 8}.${i & 255}:389\n\treal=name${i}:389 gate\n`,
    )
    const { virtuals, problems, names } = parseConfig(services.join(''))
    expect(virtuals).toHaveLength(500)
    expect(problems.some(({ text }) => text === 'not read: there are more than 500 virtual services')).toBe(
      true,
    )
    expect(names.length).toBeLessThan(3_000)
  })
})

describe('parseEvent', () => {
  const told = (name: string) =>
    ldirectord(name)
      .split('\n')
      .flatMap((line) => parseEvent(line, 0) ?? [])

  it('reads the whole log: what became of real servers, starts, stops, reloads, and edits that were not loaded', () => {
    const events = told('ldirectord.log')
    const count = (kind: string) => events.filter((e) => e.kind === kind).length
    expect(events[0]).toEqual({ at: Date.UTC(2026, 10, 22, 6, 53, 30), kind: 'started' })
    expect(count('restored')).toBe(31)
    expect(count('quiescent')).toBe(32)
    expect(count('added')).toBe(30)
    expect(count('deleted')).toBe(10)
    expect([count('started'), count('stopped'), count('reloaded'), count('changed')]).toEqual([5, 4, 3, 3])
  })

  it('reads what a line says of a real server, by the zone of the host', () => {
    const line =
      '[Sun Nov 22 06:55:34 2026|ldirectord|365] Restored real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 2)'
    expect(parseEvent(line, 3_600_000)).toEqual({
      at: Date.UTC(2026, 10, 22, 5, 55, 34),
      kind: 'restored',
      real: '10.9.0.12:389',
      virtual: '10.9.0.100:389',
      weight: 2,
    })
  })

  it.each([
    ['Added real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 4)', { kind: 'added', weight: 4 }],
    ['Deleted real server: 10.9.0.12:389 (10.9.0.100:389)', { kind: 'deleted' }],
    ['Readd Quiescent real server: 10.9.0.12:389 (10.9.0.100:389) (Weight set to 0)', { weight: 0 }],
    ['Restored real server: 10.9.0.12:389', undefined],
    ['so Restored real server: 10.9.0.12:389 (10.9.0.100:389)', undefined],
    ['Starting Linux Director v1.77', { kind: 'started' }],
    ['not Starting Linux Director', undefined],
    ['Linux Director Daemon terminated on signal: TERM', { kind: 'stopped' }],
    ['Reloading Linux Director Daemon config on signal: HUP', { kind: 'reloaded' }],
    ['no Reloading Linux Director Daemon config', undefined],
    [' - ignore new configuration', { kind: 'changed' }],
    ['- ignore new configuration', { kind: 'changed' }],
    ['x - ignore new configuration', undefined],
  ])('reads %j', (text, event) => {
    const found = parseEvent(`[Sun Nov 22 06:55:34 2026|ldirectord|365] ${text}`, 0)
    if (event) expect(found).toMatchObject({ at: Date.UTC(2026, 10, 22, 6, 55, 34), ...event })
    else expect(found).toBeUndefined()
    if (event && !('weight' in event)) expect(found).not.toHaveProperty('weight')
  })

  it('knows a server that starts at weight 0 with readdquiescent=yes', () => {
    expect(told('readdquiescent-yes.log').filter((e) => e.kind === 'quiescent').length).toBeGreaterThan(4)
  })

  it('says nothing of other lines', () => {
    for (const line of ['', 'x', '[Sun Nov 22 06:54:04 2026|ldirectord|422] Exiting from ldirectord status'])
      expect(parseEvent(line, 0)).toBeUndefined()
  })
})
