import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinAddress } from '../../../src/hosts/address.ts'
import {
  parseCounts,
  parseDaemons,
  parseHertz,
  parseProcTable,
  parseTable,
  parseThresholds,
  refusalText,
  splitAddress,
  withLimits,
  withTraffic,
} from '../../../src/services/lvs/parse.ts'
import { setWeight } from '../../../src/services/lvs/verbs.ts'
import { lvs } from '../../support/fixture.ts'

const loaded = () => parseTable(lvs('loaded.ipvsadm-Ln.txt'))
const forms = () => parseTable(lvs('forms/ipvsadm-Ln.txt'))

describe('parseTable', () => {
  it('reads services with their real servers', () => {
    expect(loaded()).toEqual([
      expect.objectContaining({ id: 'TCP 10.9.0.100:80', scheduler: 'sed', flags: '' }),
      {
        id: 'TCP 10.9.0.100:389',
        protocol: 'TCP',
        address: '10.9.0.100',
        port: 389,
        scheduler: 'sed',
        flags: '',
        reals: [
          {
            id: '10.9.0.11:389',
            address: '10.9.0.11',
            port: 389,
            forward: 'Route',
            weight: 4,
            active: 4,
            inactive: 0,
          },
          expect.objectContaining({ id: '10.9.0.12:389', weight: 2, active: 2 }),
        ],
      },
    ])
  })

  it('reads every form: UDP, marks, IPv6, persistence, flags of a scheduler, no real servers', () => {
    expect(
      forms().map(({ id, scheduler, flags, persistentSeconds, reals }) => [
        id,
        scheduler,
        flags,
        persistentSeconds,
        reals.map((real) => `${real.id} ${real.forward} ${real.weight}`),
      ]),
    ).toEqual([
      ['TCP 10.9.0.100:9', 'lc', '', undefined, []],
      ['TCP 10.9.0.100:389', 'sed', '', undefined, ['10.9.0.11:389 Route 4', '10.9.0.12:389 Route 0']],
      [
        'TCP 10.9.0.100:443',
        'wlc',
        'persistent 600 mask 255.255.255.0',
        600,
        ['10.9.0.11:8443 Masq 100', '10.9.0.12:443 Tunnel 100'],
      ],
      ['TCP 10.9.0.100:8080', 'sh', '(sh-port)', undefined, ['127.0.0.1:8080 Route 1']],
      [
        'UDP 10.9.0.100:1812',
        'sed',
        'persistent 300',
        300,
        ['10.9.0.11:1812 Route 1', '10.9.0.12:1812 Route 1'],
      ],
      ['UDP 10.9.0.100:1813', 'rr', 'ops', undefined, ['10.9.0.11:1813 Route 1']],
      ['TCP [fd00:9::100]:636', 'mh', '(mh-fallback,mh-port)', undefined, ['[fd00:9::11]:636 Route 65535']],
      ['FWM 7', 'wrr', 'persistent 360', 360, ['10.9.0.11:0 Route 3']],
    ])
    expect(forms().at(-1)).toMatchObject({ mark: 7 })
    expect(forms().at(-1)).not.toHaveProperty('address')
  })

  it('keeps marks of IPv4 and of IPv6 apart', () => {
    const text =
      'FWM  7 wrr\n  -> 10.9.0.11:0  Route  1  0  0\nFWM  7 IPv6 rr persistent 360\n  -> [fd00:9::11]:0  Route  1  0  0\n'
    const [four, six] = parseTable(text)
    expect([four?.id, four?.mark, six?.id, six?.mark, six?.scheduler, six?.persistentSeconds]).toEqual([
      'FWM 7',
      7,
      'FWM 7 IPv6',
      7,
      'rr',
      360,
    ])
    const real = six?.reals[0]
    if (!six || !real) throw new Error('no real server')
    expect(setWeight({ host: 'lb1', sudo: false, service: six, real }, 2).argv).toEqual(
      'ipvsadm -e -f 7 -6 -r [fd00:9::11]:0 -g -w 2'.split(' '),
    )
    expect([...parseCounts('FWM  7 IPv6   1 2 3 4 5\n  -> [fd00:9::11]:0  1 2 3 4 5\n').keys()]).toEqual([
      'FWM 7 IPv6',
      'FWM 7 IPv6 [fd00:9::11]:0',
    ])
  })

  it('reads an empty table, a table of one service, and one without real servers', () => {
    expect(parseTable(lvs('forms/empty.ipvsadm-Ln.txt'))).toEqual([])
    expect(parseTable(lvs('forms/ipvsadm-Ln-one-service.txt'))).toHaveLength(1)
    expect(parseTable(lvs('all-reals-gone.ipvsadm-Ln.txt')).map(({ reals }) => reals.length)).toContain(0)
  })

  it('counts what comes twice once, and a real server without a service not at all', () => {
    const real = '  -> 10.9.0.11:389                Route   4      4          0'
    const service = 'TCP  10.9.0.100:389 sed'
    expect(parseTable([real, service, real, real, service, real].join('\n'))).toMatchObject([
      { id: 'TCP 10.9.0.100:389', reals: [{ id: '10.9.0.11:389' }] },
    ])
  })

  it('reads 500 services', () => {
    const text = Array.from(
      { length: 500 },
      (_, i) => `TCP  10.9.${i >> 8}.${i & 255}:80 wlc\n  -> 10.8.0.1:80  Route  1  ${i}  0\n`,
    ).join('')
    expect(parseTable(text)).toHaveLength(500)
  })

  it('takes no text for a table that is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const parse of [parseTable, parseProcTable])
          for (const { reals } of parse(text)) expect(reals).toEqual([])
      }),
    )
    expect(parseTable(lvs('forms/error-not-root.txt'))).toEqual([])
  })
})

describe('parseProcTable', () => {
  it.each(['idle', 'loaded', 'check-failed', 'maintenance-quiescent-yes', 'all-reals-gone'])(
    'says of the scene %s what ipvsadm says',
    (scene) => {
      expect(parseProcTable(lvs(`${scene}.proc-net-ip_vs.txt`), 250)).toEqual(
        parseTable(lvs(`${scene}.ipvsadm-Ln.txt`)),
      )
    },
  )

  it('reads every form, but for the flags of a scheduler, which the kernel does not show there', () => {
    const shown = (services: ReturnType<typeof forms>) =>
      services
        .map(({ flags, ...rest }) => ({ ...rest, flags: flags.replace(/ ?\(.*\)/, '') }))
        .filter(({ id }) => !['TCP 10.9.0.100:8080', 'TCP 10.9.0.100:443'].includes(id))
        .sort((a, b) => a.id.localeCompare(b.id))
    expect(shown(parseProcTable(lvs('forms/proc-net-ip_vs.txt'), 250))).toEqual(shown(forms()))
  })

  it.each([
    ['fd00:0009:0000:0000:0000:0000:0000:0011', 'fd00:9::11'],
    ['0000:0000:0001:0000:0000:0001:0000:0000', '::1:0:0:1:0:0'],
    ['2001:0db8:0000:0001:0001:0001:0001:0001', '2001:db8:0:1:1:1:1:1'],
  ])('writes %s as %s', (full, short) => {
    expect(parseProcTable(`TCP  [${full}]:027C rr`)).toMatchObject([{ address: short, port: 636 }])
  })
})

describe('the time of persistence', () => {
  const at = (flags: string, hertz?: number) => parseProcTable(`TCP  0A090064:0185 rr ${flags}\n`, hertz)[0]

  it.each([
    [250, 'persistent 75000 FFFFFFFF', 'persistent 300', 300],
    [1000, 'persistent 300000 FFFFFFFF', 'persistent 300', 300],
    [100, 'ops persistent 36000 FFFFFF00', 'ops persistent 360 mask 255.255.255.0', 360],
    [250, 'persistent 75000 40000000', 'persistent 300 mask 64', 300],
    [250, 'persistent 75000 80000000', 'persistent 300', 300],
    [250, 'ops ', 'ops', undefined],
    [undefined, 'persistent 300000 FFFFFFFF', 'persistent ?', undefined],
    [250, 'a b persistent 75000 FF000000', 'a b persistent 300 mask 255.0.0.0', 300],
    [250, 'persistent 75000 0000007F', 'persistent 300 mask 127', 300],
    [250, 'persistent 75124 FFFFFFFF', 'persistent 300', 300],
    [250, 'persistent 75000 FFFF0000', 'persistent 300 mask 255.255.0.0', 300],
    [250, 'xpersistent 75000 FFFFFFFF', 'xpersistent 75000 FFFFFFFF', undefined],
    [250, 'persistent 75000 FFFFFFFF x', 'persistent 75000 FFFFFFFF x', 75_000],
    [250, 'persistent 75000 FFFFFFF', 'persistent 75000 FFFFFFF', 75_000],
  ])('on a kernel of %s Hz: %s', (hertz, flags, shown, seconds) => {
    expect(at(flags, hertz)).toMatchObject({ flags: shown })
    expect(at(flags, hertz)?.persistentSeconds).toBe(seconds)
  })

  it.each([
    ['250\n1250\n5\n', 250],
    ['1000\n5000\n20\n', 1000],
    ['300\n1500\n6\n', 300],
    ['100\n500\n2\n', 100],
    ['250\n1000\n5\n', undefined],
    ['0\n0\n0\n', undefined],
    ['', undefined],
  ])('goes by the ticks of the kernel: %j', (text, hertz) => {
    expect(parseHertz(text)).toBe(hertz)
  })
})

describe('counters', () => {
  const counts = parseCounts(lvs('loaded.ipvsadm-Ln--stats.txt'))
  const rates = parseCounts(lvs('loaded.ipvsadm-Ln--rate.txt'))

  it('are read for services and real servers', () => {
    expect(counts.get('TCP 10.9.0.100:389')).toEqual({
      connections: 6,
      packetsIn: 12,
      packetsOut: 0,
      bytesIn: 672,
      bytesOut: 0,
    })
    expect(rates.get('TCP 10.9.0.100:80 10.9.0.11:80')).toMatchObject({ connections: 1, bytesIn: 563 })
  })

  it('say nothing of what goes out under direct routing, since it does not pass the balancer', () => {
    const [, ldap] = withTraffic(loaded(), counts, rates)
    expect(ldap?.counts).toEqual({ connections: 6, packetsIn: 12, bytesIn: 672 })
    expect(ldap?.reals[0]?.rate).toEqual({ connections: 0, packetsIn: 1, bytesIn: 56 })
  })

  it.each(['Masq', 'Local', 'Route', 'Tunnel'] as const)(
    'of %s say what goes out only where it passes',
    (forward) => {
      const [one] = loaded().map((service) => ({
        ...service,
        reals: service.reals.slice(0, 1).map((real) => ({ ...real, forward })),
      }))
      const key = `${one?.id} ${one?.reals[0]?.id}`
      const out = { packetsOut: 4, bytesOut: 5 }
      const seen = (traffic: object) => {
        const counted = new Map([[key, { connections: 1, packetsIn: 2, bytesIn: 3, ...traffic }]])
        return one && withTraffic([one], counted, counted)[0]?.reals[0]
      }
      const passes = forward === 'Masq' || forward === 'Local'
      const known = { connections: 1, packetsIn: 2, bytesIn: 3 }
      expect(seen(out)?.counts).toEqual(passes ? { ...known, ...out } : known)
      expect(seen(out)?.rate).toEqual(passes ? { ...known, ...out } : known)
      for (const part of [{ packetsOut: 4 }, { bytesOut: 5 }, {}]) expect(seen(part)?.counts).toEqual(known)
    },
  )

  it('say it where packets are rewritten on their way', () => {
    const text = lvs('forms/ipvsadm-Ln--stats.txt')
    const https = withTraffic(forms(), parseCounts(text), new Map()).find(({ port }) => port === 443)
    expect(https?.reals.map(({ counts }) => counts?.bytesOut)).toEqual([0, undefined])
    expect(https?.counts).toHaveProperty('packetsOut')
  })

  it('are read also where long numbers push the columns', () => {
    const text =
      'TCP  10.9.0.100:80  123456789012 1 2 3 987654321098765\n  -> 10.9.0.11:80 1 22222222222 3 4 5\n'
    expect(parseCounts(text).get('TCP 10.9.0.100:80')).toMatchObject({ bytesOut: 987654321098765 })
    expect(parseCounts(text).get('TCP 10.9.0.100:80 10.9.0.11:80')).toMatchObject({ packetsIn: 22222222222 })
  })
})

describe('the rest', () => {
  it('finds the limits of connections', () => {
    expect(
      parseThresholds(lvs('forms/ipvsadm-Ln--thresholds.txt')).get('TCP 10.9.0.100:443 10.9.0.11:8443'),
    ).toEqual({
      upper: 2000,
      lower: 1500,
    })
  })

  it('finds the synchronisation daemons; nothing is said where none runs', () => {
    const text = 'master sync daemon (mcast=br0, syncid=0, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n'
    expect(parseDaemons(text)).toEqual([{ state: 'master', device: 'br0' }])
    expect(parseDaemons('')).toEqual([])
  })

  it('tells the first line of a refusal only: the second one leads astray', () => {
    expect(refusalText(lvs('forms/error-not-root.txt'))).toBe(
      "Can't initialize ipvs: Permission denied (you must be root)",
    )
    expect(refusalText('')).toBe('ipvsadm failed without a word')
  })

  it('splits and joins addresses at the last colon', () => {
    for (const text of ['10.9.0.11:389', '[fd00:9::11]:636']) {
      const { address, port } = splitAddress(text) ?? { address: '', port: 0 }
      expect(joinAddress(address, port)).toBe(text)
    }
    for (const text of [
      '',
      'rs1:389',
      '10.9.0.11',
      '[fd00::1]',
      'a;b:1',
      'x10.9.0.11:1',
      '10.9.0.11:1x',
      '10.9.0.11:x',
      '[fd00::1]x:1',
      '[]:1',
    ])
      expect(splitAddress(text)).toBeUndefined()
  })

  it('gives the limits of connections to the real servers that have any', () => {
    const services = loaded().slice(0, 1)
    const [service] = services
    const [one, other] = service?.reals ?? []
    const key = (real = one) => `${service?.id} ${real?.id}`
    const limited = (upper: number, lower: number) =>
      withLimits(services, new Map([[key(), { upper, lower }]]))[0]?.reals.map(({ limits }) => limits)
    expect(limited(20, 10)).toEqual([{ upper: 20, lower: 10 }, undefined])
    expect(limited(20, 0)).toEqual([{ upper: 20, lower: 0 }, undefined])
    expect(limited(0, 10)).toEqual([{ upper: 0, lower: 10 }, undefined])
    expect(limited(0, 0)).toEqual([undefined, undefined])
    expect(withLimits(services, new Map([[key(other), { upper: 1, lower: 0 }]]))).toMatchObject([
      { id: service?.id, reals: [{ id: one?.id }, { id: other?.id, limits: { upper: 1 } }] },
    ])
    expect(withLimits(services, new Map())).toEqual(services)
  })

  it('has the order of ipvsadm whatever that of the kernel is', () => {
    const table = [
      'FWM  00000007 wlc',
      'UDP  0A090064:0035 wlc',
      'TCP  0A090064:01BB wlc',
      '  -> 0A09000C:01BB      Masq    1      0          0',
      '  -> 0A09000B:0050      Masq    1      0          0',
      'FWM  00000002 wlc',
      'TCP  0A090064:0050 wlc',
    ]
    for (const lines of [table, [...table.slice(5), ...table.slice(0, 5)]])
      expect(
        parseProcTable(lines.join('\n')).map(({ id, reals }) => [id, ...reals.map((real) => real.id)]),
      ).toEqual([
        ['TCP 10.9.0.100:80'],
        ['TCP 10.9.0.100:443', '10.9.0.11:80', '10.9.0.12:443'],
        ['UDP 10.9.0.100:53'],
        ['FWM 2'],
        ['FWM 7'],
      ])
  })

  it('finds limits of connections only below a service', () => {
    const line = '  -> 10.9.0.11:389                     20         10         0          0'
    expect(parseThresholds(line)).toEqual(new Map())
    expect(parseThresholds(`TCP  10.9.0.100:389 wlc\n${line} x\nx${line}\n${line}  \n`)).toEqual(
      new Map([['TCP 10.9.0.100:389 10.9.0.11:389', { upper: 20, lower: 10 }]]),
    )
  })
})
