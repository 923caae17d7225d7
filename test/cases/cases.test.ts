import { readFileSync } from 'node:fs'
import { SizeLimitExceededError } from 'ldapts'
import { describe, expect, it } from 'vitest'
import { balancerAlerts } from '../../src/fleet/balancer/alerts.ts'
import type { BalancerRecord } from '../../src/fleet/balancer/record.ts'
import { hostsByAddress } from '../../src/fleet/frontend/frontends.ts'
import { balancedBy } from '../../src/fleet/service/virtual-services.ts'
import { parseMonitor } from '../../src/services/ldap/parse.ts'
import { ldapRefusal } from '../../src/services/ldap/refusal.ts'
import { parseConfig } from '../../src/services/ldirectord/config.ts'
import type { ConfiguredReal } from '../../src/services/ldirectord/facts.ts'
import { parseEvent } from '../../src/services/libvirt/parse.ts'
import { parseProcTable, parseTable } from '../../src/services/lvs/parse.ts'
import { parseBonds, parseVitals } from '../../src/services/process/parse.ts'
import { KeyDecoder } from '../../src/terminal/keys.ts'
import { entriesOf } from '../services/ldap/ldif.ts'
import { ldirectordReading, lvsReading } from '../support/balancers.ts'

/** A file of fixtures/cases. */
const input = (name: string) => readFileSync(new URL(`../../fixtures/cases/${name}`, import.meta.url), 'utf8')

/** What people have posted, and what it means. To add one: put its file into fixtures/cases, and a row here. */
interface Case {
  /** the name of its files */
  readonly id: string
  readonly what: string
  /** reads it as the program does */
  readonly read: () => unknown
  /** what that has to give; objects may have more */
  readonly right: unknown
}

const proc = (hertz?: number) =>
  parseProcTable(input('V06.proc'), hertz).map(({ flags, persistentSeconds }) => [flags, persistentSeconds])

const addresses = new Map([
  ['4 sql01', '10.0.0.1'],
  ['4 sql03', '10.0.0.3'],
])

/** What is fatal in a file of ldirectord, and its services with their real servers. */
function balancer(name: string) {
  const { problems, virtuals } = parseConfig(input(name), addresses)
  const refused = problems.filter(({ fatal }) => fatal).map(({ line, text }) => `${line}: ${text}`)
  return { refused, virtuals: virtuals.map(({ id, reals }) => [id, ...reals.map(realText)].join(' ')) }
}

const realText = ({ id, forward, weight }: ConfiguredReal) => `${id}/${forward}/${weight}`

/** What a line means, in a service (B) or before one (G). */
function lineOf(line: string): string {
  const text = line.slice(2)
  const { problems, virtuals } = parseConfig(
    line.startsWith('B')
      ? `virtual=10.0.0.100:80\n\t${text}\n`
      : `${text}\nvirtual=10.0.0.100:80\n\treal=10.0.0.2:80 gate\n`,
  )
  if (problems.some(({ fatal }) => fatal)) return `${line}: refused`
  const [{ scheduler, service, checktype, fallback = '-', reals } = { reals: [] }] = virtuals
  return `${line}: ${[scheduler, service, checktype, fallback, ...reals.map(realText)].join(' ')}`
}

/** What is wrong with the balancer of this file and this table, the kernel's or none, whose ldirectord may have stopped. */
function wrongWith(id: string, isRunning: boolean): string[] {
  const { daemon, ...ldirectord } = ldirectordReading('lb1')
  const one: BalancerRecord = {
    host: 'lb1',
    lvs: lvsReading('lb1', 'forms/empty', { services: parseTable(input(`${id}.ipvsadm`)) }),
    ldirectord: {
      ...ldirectord,
      config: parseConfig(input(`${id}.cf`)),
      ...(isRunning && daemon ? { daemon } : {}),
    },
    lastDid: new Map(),
  }
  const alerts = balancerAlerts([one], balancedBy([one], hostsByAddress([])).frontends, 0)
  return alerts.map(({ severity, name, text }) => `${severity} ${name}: ${text}`)
}

const lines = (name: string) => input(name).trimEnd().split('\n')

const cases: readonly Case[] = [
  {
    id: 'B05',
    what: 'a port of 802.3ad in another aggregator than the active one carries nothing (bond_procfs.c)',
    read: () => parseBonds(`==> /proc/net/bonding/bond0 <==\n${input('B05.bonding')}`),
    right: [{ name: 'bond0', isUp: true, down: ['eth1'] }],
  },
  {
    id: 'E01',
    what: 'events of virsh of before 2021 have names without quotation marks',
    read: () => input('E01.txt').trimEnd().split('\n').map(parseEvent),
    right: [
      { kind: 'lifecycle', name: 'sid-lxde', detail: 'Shutdown Finished' },
      { kind: 'lifecycle', name: 'win11', detail: 'Stopped Shutdown' },
      { kind: 'reboot', name: 'sid-lxde', detail: '' },
    ],
  },
  {
    id: 'L01',
    what: 'the names of ports are those of /etc/services: www is 80 (ldirectord 4.12)',
    read: () => balancer('L01.cf'),
    right: {
      refused: [],
      virtuals: [
        'TCP 10.0.16.1:53 10.0.240.8:53/Route/1 10.0.240.9:53/Route/1',
        'UDP 10.0.16.1:53 10.0.240.8:53/Route/1 10.0.240.9:53/Route/1',
        'TCP 10.0.16.2:80 10.0.96.112:80/Route/100 10.0.96.113:80/Route/100',
        'TCP 10.0.16.10:80 10.0.96.102:80/Route/140 10.0.96.117:80/Route/100 10.0.96.112:80/Route/80',
        'TCP 10.0.16.24:389 10.0.240.20:389/Route/1 10.0.240.21:389/Route/1',
        'TCP 10.0.16.26:80 10.0.240.9:80/Route/1',
        'TCP 10.0.16.111:3306 10.0.112.1:3306/Route/1',
        'TCP 10.0.16.66:80 10.0.80.115:80/Route/100 10.0.80.116:80/Route/100',
      ],
    },
  },
  {
    id: 'L06b',
    what: 'ldirectord does not start with a service that it does not know',
    read: () => balancer('L06b.cf').refused,
    right: [expect.stringMatching(/^8: service must be one of .*: ssh$/)],
  },
  {
    id: 'L08',
    what: 'a range goes over what the names at its ends stand for',
    read: () => balancer('L08.cf'),
    right: {
      refused: [],
      virtuals: [
        'TCP 192.168.10.74:3306 10.0.0.1:3306/Route/10 10.0.0.2:3306/Route/10 10.0.0.3:3306/Route/10',
      ],
    },
  },
  {
    id: 'L13',
    what: 'under a mark the fallback keeps the port that was given to it, and is no front end (ip_vs_ctl.c)',
    read: () => wrongWith('L13', true).filter((text) => text.startsWith('bad ')),
    right: ['bad FWM 5: has no front end: its fallback 127.0.0.1:80 answers'],
  },
  {
    id: 'L18',
    what: 'the port says what is asked where nothing else does',
    read: () => parseConfig(input('L18.cf')).virtuals[0]?.service,
    right: 'ldap',
  },
  {
    id: 'L20',
    what: 'the two patiences stand for each other (ld_setup)',
    read: () => parseConfig(input('L20.cf')).virtuals.map((one) => [one.negotiatetimeout, one.checktimeout]),
    right: [
      [10, 10],
      [7, 7],
    ],
  },
  {
    id: 'L21',
    what: 'a balancer with marks only is one that serves: an empty table and a stopped ldirectord are outages',
    read: () => wrongWith('L21', false),
    right: [
      'bad lb1: FWM 5 is configured and not in the table: nobody gets in',
      'bad lb1: ldirectord does not run: nobody checks the front ends',
    ],
  },
  {
    id: 'L22',
    what: 'lines that people have tried: refused, or scheduler, service, check, fallback and real servers (ldirectord 4.12)',
    read: () => lines('L22.lines').map(lineOf),
    right: lines('L22.lines').map((line, i) => `${line}: ${lines('L22.answers')[i]}`),
  },
  {
    id: 'M01',
    what: 'of two slapds that replicate each other each is a provider, although each is a shadow too (OpenLDAP 2.5.13)',
    read: () =>
      ['M01-a.ldif', 'M01-b.ldif'].map((name) => parseMonitor(entriesOf(input(name)), 'dc=example,dc=org')),
    right: [
      { isMultiProvider: true, provides: true },
      { isMultiProvider: true, provides: true },
    ],
  },
  {
    id: 'M02',
    what: 'a search that ends with result 4 met a limit of size: no right is lacking (RFC 4511, 4.1.9)',
    read: () => ldapRefusal('ldap1', new SizeLimitExceededError(''), 1_000).reason,
    right: 'LDAP: size limit exceeded (result 4)',
  },
  {
    id: 'P06',
    what: 'without MemAvailable (Linux before 3.14, WSL 1) it is what is free, and what can be given back',
    read: () => parseVitals(`cpu  1 0 1 8\n0.00 0.01 0.05 1/12 3\n${input('P06.meminfo')}`),
    right: { memoryKiB: 15666184, memoryAvailableKiB: 13468092 },
  },
  {
    id: 'T01',
    what: 'keys in the modes of kitty and xterm that a program has left on (xterm, ctlseqs)',
    read: () => new KeyDecoder().feed(Buffer.from('\x1b[27u\x1b[99;5u\x1b[13u\x1b[27;5;99~')),
    right: ['escape', 'ctrl-c', 'return', 'ctrl-c'].map((key) => ({ key })),
  },
  {
    id: 'V06',
    what: 'persistence is counted by the ticks of its kernel, and stands behind other flags (ip_vs_ctl.c)',
    read: () => [proc(), proc(1000)[0], proc(250)[1]],
    right: [
      [
        ['persistent ?', undefined],
        ['ops persistent ?', undefined],
      ],
      ['persistent 300', 300],
      ['ops persistent 300', 300],
    ],
  },
]

describe('what people have posted', () => {
  it.each(cases.map((one) => [one.id, one.what, one] as const))('%s: %s', (_id, _what, { read, right }) => {
    const found = read()
    if (typeof right === 'object') expect(found).toMatchObject(right as object)
    else expect(found).toBe(right)
  })

  it('has one row each', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
  })
})
