import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import { LocalHost } from '../../../src/hosts/local.ts'
import { Shell } from '../../../src/hosts/shell.ts'
import { readHost, watchedAmong } from '../../../src/services/process/client.ts'
import { parseBonds, parseNetwork, parseProcesses, parseVitals } from '../../../src/services/process/parse.ts'
import { linux } from '../../support/fixture.ts'
import { until } from '../../support/until.ts'

describe('readHost', () => {
  let host: LocalHost
  let shell: Shell
  beforeEach(async () => {
    host = new LocalHost({ name: 'here' })
    shell = await Shell.open(host)
  })
  afterEach(async () => {
    shell.close()
    await host.close()
  })
  const { username } = userInfo()
  const readOf = (name: string, owner: string) =>
    readHost({ host: 'here', shell, timeout: 10_000 }, [{ name, owners: ['nobody-else', owner] }])
  const read = (name: string) => readOf(name, username)

  it('tells of the processes of a name what the kernel tells of them', async () => {
    const name = readFileSync('/proc/self/comm', 'utf8').trim()
    const { processes } = await read(name)
    const own = processes.find(({ pid }) => pid === process.pid)
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const counted = readdirSync('/proc/self/fd').length
    expect(own?.name).toBe(name)
    expect(Math.abs((own?.open ?? 0) - counted)).toBeLessThan(20)
    expect(limits).toContain(String(own?.softLimit))
    expect(own?.threads).toBeGreaterThan(1)
    expect(own?.memoryKiB).toBeGreaterThan(1_000)
    expect(own?.cpuTicks).toBeGreaterThan(0)
  })

  it('does not take the processes of others for those of the owner, and says that they are there', async () => {
    // Of a name of its own: others run programs on this machine, too.
    const directory = mkdtempSync('/tmp/vdd-owner-')
    const name = `o${process.pid}`
    const program = join(directory, name)
    copyFileSync('/bin/sleep', program)
    const one = spawn(program, ['60'])
    try {
      await until('its name', () => readFileSync(`/proc/${one.pid}/comm`, 'utf8').trim() === name)
      const { processes, partial } = await readOf(name, 'somebody')
      expect(processes).toEqual([])
      expect(partial).toMatch(/^processes called .* of other owners than expected: 1, not watched/)
      expect((await read(name)).partial).toBeUndefined()
    } finally {
      one.kill()
      rmSync(directory, { recursive: true })
    }
  })

  it.runIf(process.geteuid?.() === 0)(
    'does not take a setuid program that somebody else started for one of root',
    async () => {
      const directory = mkdtempSync('/tmp/vdd-setuid-')
      const program = join(directory, 'as-if-slapd')
      copyFileSync('/bin/sleep', program)
      chmodSync(directory, 0o755)
      chmodSync(program, 0o4755)
      const one = spawn(program, ['60'], { uid: 65_534 })
      try {
        await until('the process', async () =>
          ((await readOf('as-if-slapd', 'root')).partial ?? '').includes(': 1,'),
        )
        expect(readFileSync(`/proc/${one.pid}/status`, 'utf8')).toMatch(/^Uid:\t65534\t0\t/m)
        expect((await readOf('as-if-slapd', 'root')).processes).toEqual([])
      } finally {
        one.kill()
        rmSync(directory, { recursive: true })
      }
    },
  )

  it('watches no more than fifty, and says so', async () => {
    const all = Array.from({ length: 60 }, () => spawn('sleep', ['60']))
    try {
      await until('sixty of them', async () => ((await read('sleep')).partial ?? '').includes('only 50 of'))
      expect((await read('sleep')).processes).toHaveLength(50)
    } finally {
      for (const one of all) one.kill()
    }
  })

  it('tells how the host is, also where there is no such process', async () => {
    const reading = await read('no-such-process')
    expect(reading.processes).toEqual([])
    expect(reading.cpus).toBeGreaterThan(0)
    expect(reading.memoryKiB).toBeGreaterThan(reading.memoryAvailableKiB ?? Number.NaN)
    expect(reading.network?.received).toBeGreaterThanOrEqual(0)
  })
})

describe('watchedAmong', () => {
  const of = (name: string, owner: string) => ({ name: label(name), owner: label(owner) })

  it('takes those of root where nobody else has one, unless root was named', () => {
    const slapd = { name: 'slapd', owners: ['openldap', 'root'] }
    const [own, ofRoot, other] = [of('slapd', 'openldap'), of('slapd', 'root'), of('slapd', 'eve')]
    const usual = [{ ...slapd, rootIfNone: true as const }]
    expect(watchedAmong([ofRoot, own, other], usual)).toEqual([own])
    expect(watchedAmong([ofRoot, other], usual)).toEqual([ofRoot])
    expect(watchedAmong([ofRoot, own, other], [slapd])).toEqual([ofRoot, own])
  })
})

describe('parseNetwork', () => {
  // As Linux 6.18 shows it, `cat /proc/net/dev`; the numbers are shortened.
  const devices = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  700       8    0    0    0     0          0         0      700       8    0    0    0     0       0          0
  eth0: 1296      10    0    0    0     0          0         0     1392      11    0    0    0     0       0          0
 bond0: 1296      10    0    0    0     0          0         0     1392      11    0    0    0     0       0          0
`

  it('counts the interfaces that have a device, and without any all but the loopback', () => {
    expect(parseNetwork(`nics eth0\n${devices}`)).toEqual({ received: 1296, sent: 1392 })
    expect(parseNetwork(`nics *\n${devices}`)).toEqual({ received: 2592, sent: 2784 })
    expect(parseNetwork('nics\n')).toBeUndefined()
  })
})

describe('parseBonds', () => {
  const bonds = (name: string) =>
    parseBonds(`==> /proc/net/bonding/bond0 <==\n${linux(name)}\n==> /proc/7/comm <==\nslapd\n`)

  it('tells which interface carries all, and which has no link', () => {
    expect(bonds('bond-up.txt')).toEqual([{ name: 'bond0', isUp: true, active: 's0', down: [] }])
    expect(bonds('bond-one-down.txt')).toEqual([{ name: 'bond0', isUp: true, active: 's1', down: ['s0'] }])
    expect(bonds('bond-all-down.txt')).toEqual([{ name: 'bond0', isUp: false, down: ['s0', 's1'] }])
  })

  it('is nothing where there are no bonds', () => {
    expect(parseBonds('==> /proc/7/comm <==\nslapd\n')).toEqual([])
  })

  const lacp = (info: string, ...slaves: string[]) =>
    parseBonds(
      `==> /proc/net/bonding/bond0 <==\nMII Status: up\n\n802.3ad info\n${info}${slaves
        .map((slave, i) => `\nSlave Interface: eth${i}\nMII Status: up\n${slave}\n`)
        .join('')}`,
    )[0]

  // Only with CAP_NET_ADMIN does the kernel say which aggregator is the active one.
  it.each([
    ['in one aggregator', '', ['Aggregator ID: 1', 'Aggregator ID: 1'], true, []],
    [
      'of which the partner of one does not agree',
      '',
      ['Aggregator ID: 1\nPartner Churn State: none', 'Aggregator ID: 2\nPartner Churn State: churned'],
      true,
      ['eth1'],
    ],
    ['of which one is in none', '', ['Aggregator ID: 1', 'Aggregator ID: N/A'], true, ['eth1']],
    [
      'outside of the active aggregator',
      'Active Aggregator Info:\n\tAggregator ID: 2\n\tNumber of ports: 1\n',
      ['Aggregator ID: 1', 'Aggregator ID: 2'],
      true,
      ['eth0'],
    ],
    ['without an active one', 'bond bond0 has no active aggregator\n', ['Aggregator ID: 1'], false, []],
  ])('knows links of 802.3ad %s', (_, info, slaves, isUp, down) => {
    expect(lacp(info, ...slaves)).toMatchObject({ isUp, down })
  })
})

describe('parseProcesses', () => {
  const files = `==> /proc/7/comm <==\nslapd\n\n==> /proc/7/limits <==\nMax open files            1024                 unlimited            files     \n\n==> /proc/7/stat <==\n7 (a ) b) S 1 1 1 0 -1 0 0 0 0 0 900 300 0 0\n`

  it('takes the owner of the process, not of its descriptors, which may be root', () => {
    const [one] = parseProcesses(`stat 15 root /proc/7/fd\nstat 0 openldap /proc/7\n${files}`)
    expect(one).toMatchObject({ pid: 7, owner: 'openldap', open: 15, softLimit: 1024, cpuTicks: 1200 })
    expect(one?.hardLimit).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes what was counted where an old kernel says 0, and nothing where that may not be', () => {
    const old = (counted: number) =>
      parseProcesses(
        `stat 0 root /proc/7/fd\ncounted ${counted} /proc/7/fd\nstat 0 root /proc/7\n${files}`,
      )[0]
    expect(old(12)?.open).toBe(12)
    expect(old(0)).not.toHaveProperty('open')
  })

  it('leaves out a process that has ended meanwhile', () => {
    expect(parseProcesses('stat 15 root /proc/8/fd\nstat 0 root /proc/8\n')).toEqual([])
    expect(parseProcesses('')).toEqual([])
  })

  it('counts the time of a process behind its name, whatever that holds', () => {
    const named = (name: string) =>
      parseProcesses(
        `stat 15 root /proc/8/fd\nstat 0 root /proc/8\n==> /proc/8/comm <==\nslapd\n\n==> /proc/8/stat <==\n8 (${name}) S 1 8 8 0 -1 4194560 100 0 0 0 5 2 0 0 20 0\n`,
      )[0]?.cpuTicks
    for (const name of ['slapd', 'a b', 'x) R 1 (', 'x\n9 (y) R 1 1', '(', ') ']) expect(named(name)).toBe(7)
  })
})

it('no Linux has no vitals', () => {
  expect(parseVitals('')).toBeUndefined()
})
