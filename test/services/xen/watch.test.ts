import { describe, expect, it, vi } from 'vitest'
import { FleetStore } from '../../../src/fleet/store.ts'
import { xen } from '../../support/fixture.ts'
import { hangs, type Said, type Script } from '../support/scripted-host.ts'
import { watching, withTestClock } from '../support/watching.ts'
import { pv1, pv2, row, samples, verbose } from './recorded.ts'

withTestClock()

const zeros = '00000000-0000-0000-0000-000000000000'
const noRight = { err: xen('errors/xl-not-root.err.txt') }
const noPassword = { err: 'sudo: a password is required\n' }

type Answers = Record<string, Said | ((words: readonly string[]) => Said)>

/** The lists of UUIDs that belong to a recorded table: all of them, or those in one state. */
function uuids(table: Said, named: string, option: string | undefined): Said {
  if (typeof table !== 'string') return table
  const state = { '--state-running': 'running', '--state-paused': 'paused', '--state-shutoff': 'shut off' }[
    option ?? ''
  ]
  const rows = named.split('\n').filter((line) => {
    const row = table.split('\n').find((text) => text.includes(` ${line.slice(37)} `))
    return line && (option === undefined || row?.trimEnd().endsWith(`   ${state}`))
  })
  return `${rows.map((line) => line.slice(0, 36)).join('\n')}\n\n`
}

/** The recorded Xen host: pv2 is libvirt's, pv1 was made by xl. What differs from the recording is given by command. */
function recorded(different: Answers = {}): Script & { answers: Answers } {
  const unsupported = (command: string) => ({ err: xen(`errors/${command}.err.txt`) })
  const answers: Answers = {
    uri: xen('virsh/uri.txt'),
    nodeinfo: xen('virsh/nodeinfo.txt'),
    domcapabilities: xen('virsh/domcapabilities.txt'),
    domstats: unsupported('domstats'),
    nodecpustats: unsupported('nodecpustats'),
    nodememstats: unsupported('nodememstats'),
    freecell: xen('virsh/freecell.txt'),
    'list --all': xen('virsh/list-all.txt'),
    'list --all --name --uuid': `${zeros} Domain-0\n${pv2} pv2\n\n`,
    list: `${zeros}\n${pv2}\n\n`,
    domstate: xen('virsh/domstate.txt'),
    dumpxml: xen('virsh/dumpxml.txt'),
    dominfo: ([, uuid]) => xen(uuid === pv2 ? 'virsh/dominfo.txt' : 'virsh/dominfo-dom0.txt'),
    domiflist: ([, uuid]) => (uuid === pv2 ? xen('virsh/domiflist.txt') : '\n'),
    domblklist: ([, uuid]) => (uuid === pv2 ? xen('virsh/domblklist.txt') : '\n'),
    domifstat: xen('virsh/domifstat.txt'),
    domblkstat: xen('virsh/domblkstat.txt'),
    'pool-list': '\n',
    'net-list': '\n',
    'xl list -v': xen('xl/list-verbose.txt'),
    'xl list -l': xen('xl/list-long.txt'),
    'xentop -b -f -i 1': xen('xl/xentop-1-sample.txt'),
    ...different,
  }
  const answer = (words: readonly string[]): Said => {
    if (/^list --all --uuid( --state-.*)?$/.test(words.join(' ')))
      return uuids(answers['list --all'] as Said, answers['list --all --name --uuid'] as string, words[3])
    const said = answers[words.join(' ')] ?? answers[words[0] ?? ''] ?? { err: 'not found' }
    return typeof said === 'function' ? said(words) : said
  }
  return { virsh: answer, program: answer, answers }
}

function watchingXen(different: Answers = {}) {
  const script = recorded(different)
  const t = watching(script, 'xen:///system')
  t.watch.start()
  return { ...t, answers: script.answers }
}

describe('a watch of a Xen host', () => {
  it('joins what libvirt, xl and xentop say into machines, without Domain-0', async () => {
    const t = watchingXen()
    const reading = await t.next()
    expect(reading.machines.map((m) => m.rawName)).toEqual(['pv2', 'pv1'])
    expect(reading.hypervisor).toMatchObject({ driver: 'xen', cpus: 2, memoryKiB: 2096624 })
    expect(reading.hypervisor).toMatchObject({ memoryFreeKiB: 1220780 })
    expect(reading.partial).toBeUndefined()
    expect(t.machine('pv2')).toMatchObject({
      uuid: pv2,
      state: 'running',
      reason: 'booted',
      persistent: true,
      osType: 'linux',
      hasDisks: true,
      vcpus: 1,
      memoryKiB: 98304,
      memoryMaxKiB: 98304,
      cpuNs: 13.1e9,
      diskReadBytes: 24 * 512,
    })
    expect(t.machine('pv2').foreign).toBeUndefined()
    expect((await t.next()).hypervisor.virtType).toBe('xen')
    t.watch.stop()
  })

  it('shows a machine that xl made as foreign', async () => {
    const t = watchingXen()
    await t.next()
    expect(t.machine('pv1')).toMatchObject({
      uuid: pv1,
      foreign: true,
      state: 'running',
      persistent: false,
      osType: 'linux',
      hasDisks: true,
      memoryMaxKiB: 98304,
      cpuNs: 20.1e9,
      netReceivedBytes: 2048,
    })
    await t.next()
    expect(t.host.asked.filter((words) => words === 'xl list -l')).toHaveLength(1)
    expect(t.host.asked.some((words) => words.includes(pv1))).toBe(false)
    t.watch.stop()
  })

  it('reads no host on which xl lists more machines than one can have, and says so', async () => {
    const [heading = '', ...rows] = xen('xl/list-verbose.txt').split('\n')
    const row = rows.find((text) => text.includes(pv1)) ?? ''
    const many = Array.from({ length: 1_001 }, (_, i) =>
      row.replace(pv1, `${String(i).padStart(8, '0')}${pv1.slice(8)}`),
    )
    const t = watchingXen({ 'xl list -v': `${[heading, ...many].join('\n')}\n` })
    await t.until('the trouble', () => t.troubles.length > 0)
    expect(t.troubles[0]?.reason).toMatch(/^it lists 1001 machines, and more than 1000 /)
    expect(t.readings).toEqual([])
    t.watch.stop()
  })

  it('asks what the driver does not have once for a connection, and no command for each machine', async () => {
    const t = watchingXen()
    await t.next()
    await t.next()
    const before = t.host.asked.length
    await t.next()
    expect(t.host.asked.slice(before).sort()).toEqual([
      'freecell',
      'list --all --uuid',
      'list --all --uuid --state-paused',
      'list --all --uuid --state-running',
      'list --all --uuid --state-shutoff',
      'xentop -b -f -i 1',
      'xl list -v',
    ])
    for (const command of ['domstats', 'nodecpustats', 'nodememstats', 'domcapabilities'])
      expect(t.host.asked.filter((words) => words.startsWith(command))).toHaveLength(1)
    t.watch.stop()
  })

  it('makes steady rates of tenths of CPU seconds, for machines and for the host', async () => {
    let seconds = 100
    const t = watchingXen({
      'xl list -v': () => {
        seconds += 0.25
        return `${row('Domain-0', 0, 1, 'r-----', seconds, zeros)}\n${row('pv2', 2, 1, '-b----', seconds, pv2)}\n`
      },
    })
    const store = new FleetStore([{ name: 'h1', roles: ['hypervisor'], libvirt: 'xen:///system' }], 4000)
    const shown: (number | undefined)[] = []
    for (let look = 0; look < 20; look++) {
      store.apply(await t.next())
      shown.push(store.snapshot().machines[0]?.cpuPercent)
    }
    for (const percent of shown.slice(6)) expect(Math.abs((percent ?? 0) - 25)).toBeLessThanOrEqual(2)
    expect(Math.abs((store.snapshot().hosts[0]?.cpuPercent ?? 0) - 25)).toBeLessThanOrEqual(2)
    t.watch.stop()
  })

  it('takes counters that begin again, under a new id, for a restart', async () => {
    const t = watchingXen({ 'xl list -v': `${row('pv2', 2, 1, '-b----', 500, pv2)}\n` })
    const store = new FleetStore([{ name: 'h1', roles: ['hypervisor'], libvirt: 'xen:///system' }], 4000)
    store.apply(await t.next())
    t.answers['xl list -v'] = `${row('pv2', 3, 1, '-b----', 0.4, pv2)}\n`
    store.apply(await t.next())
    expect(t.machine('pv2').cpuNs).toBe(0.4e9)
    expect(store.snapshot().machines[0]?.cpuPercent).toBeUndefined()
    t.watch.stop()
  })

  it('uses sudo where the user alone is refused', async () => {
    const t = watchingXen({
      'xl list -v': noRight,
      'xl list -l': noRight,
      'xentop -b -f -i 1': { err: xen('errors/xentop-not-root.err.txt') },
      'sudo -n xl list -v': xen('xl/list-verbose.txt'),
      'sudo -n xl list -l': xen('xl/list-long.txt'),
      'sudo -n xentop -b -f -i 1': xen('xl/xentop-1-sample.txt'),
    })
    const reading = await t.next()
    expect(reading.machines).toHaveLength(2)
    expect(reading.partial).toBeUndefined()
    await t.next()
    expect(t.host.asked.filter((words) => words === 'xl list -v')).toHaveLength(1)
    expect(t.host.asked.filter((words) => words === 'sudo -n xl list -v')).toHaveLength(2)
    t.watch.stop()
  })

  it('reads machine by machine where xl and xentop are refused, asks for them only once, and says so', async () => {
    const t = watchingXen({ 'xl list -v': noRight, 'xentop -b -f -i 1': noRight, sudo: noPassword })
    const reading = await t.next()
    expect(reading.partial).toContain('machines made by xl are not seen')
    expect(reading.partial).toContain('a password is required')
    expect(t.machine('pv2')).toMatchObject({
      state: 'running',
      reason: 'booted',
      cpuNs: 15.8e9,
      memoryKiB: 98304,
      netReceivedBytes: 1146,
      netSentBytes: 816,
      diskReadBytes: 12288,
    })
    for (let look = 0; look < 5; look++) await t.next()
    expect(t.host.asked.filter((words) => words.startsWith('sudo'))).toHaveLength(2)
    const [machines, interfaces] = ['dominfo', 'domiflist'].map(
      (command) => t.host.asked.filter((words) => words === `${command} ${pv2}`).length,
    )
    expect([machines, interfaces]).toEqual([2, 1])
    expect(reading.hypervisor.cpu).toBeDefined()
    t.watch.stop()
  })

  it('asks for the names of interfaces again when the id has changed', async () => {
    const t = watchingXen({ 'xl list -v': noRight, 'xentop -b -f -i 1': noRight, sudo: noPassword })
    await t.next()
    t.answers.dominfo = xen('virsh/dominfo.txt')
      .replace(/Id: +2/, 'Id: 3')
      .replace('15.8s', '0.2s')
    t.answers.domiflist = xen('virsh/domiflist.txt').replaceAll('vif2.0', 'vif3.0')
    await t.until('the new interface', () => t.host.asked.includes(`domifstat ${pv2} vif3.0`))
    await t.next()
    expect(t.machine('pv2').cpuNs).toBe(0.2e9)
    t.watch.stop()
  })

  it('spends a limited time of a look on many machines, and reaches all of them', async () => {
    const uuid = (i: number) => `908c1762-a017-43bf-91bd-${String(i).padStart(12, '0')}`
    const all = Array.from({ length: 60 }, (_, i) => ({ uuid: uuid(i), name: `m${i}` }))
    const t = watchingXen({
      'xl list -v': noRight,
      'xentop -b -f -i 1': noRight,
      sudo: noPassword,
      'list --all --name --uuid': `${all.map((m) => `${m.uuid} ${m.name}`).join('\n')}\n\n`,
      'list --all': ` Id   Name       State\n-----\n${all.map((m, i) => ` ${String(i + 1).padEnd(4)} ${m.name.padEnd(10)} running`).join('\n')}\n`,
      dominfo: () => {
        vi.setSystemTime(Date.now() + 50)
        return xen('virsh/dominfo.txt')
      },
    })
    await t.next()
    const counted = () => t.readings.at(-1)?.machines.filter((m) => m.cpuNs !== undefined).length ?? 0
    expect(counted()).toBeGreaterThan(0)
    expect(counted()).toBeLessThan(60)
    await t.until('all of them', () => counted() === 60)
    t.watch.stop()
  })

  it('goes on with the states when xentop hangs, says what is missing, and tries again later', async () => {
    const t = watchingXen()
    await t.next()
    t.answers['xentop -b -f -i 1'] = hangs
    const late = await t.until('a partial reading', () => t.readings.at(-1)?.partial !== undefined)
    expect(late).toBeGreaterThanOrEqual(10_000)
    expect(t.readings.at(-1)?.partial).toMatch(/numbers are missing .*no answer in 10 s/)
    expect(t.machine('pv2').state).toBe('running')
    t.answers['xentop -b -f -i 1'] = xen('xl/xentop-1-sample.txt')
    expect(await t.until('the numbers', () => t.readings.at(-1)?.partial === undefined)).toBeGreaterThan(
      25_000,
    )
    expect(t.troubles).toEqual([])
    t.watch.stop()
  })

  it('gives a virsh command 15 seconds, and does not take a slow dom0 for a hung guest', async () => {
    const t = watchingXen()
    await t.next()
    t.answers['list --all'] = hangs
    await t.until('trouble', () => t.troubles.length > 0)
    expect(t.troubles[0]).toMatchObject({
      kind: 'timeout',
      reason: expect.stringMatching(/^virsh list did not answer in 15 s; /),
    })
    t.watch.stop()
  })

  it('merges events for half a second, and reads the state of a reboot instead of believing its last event', async () => {
    const t = watchingXen()
    await t.until('events being followed', () => t.host.followed)
    await t.next()
    const events = xen('lifecycle/events.txt')
    const reboot = events.split('\n').slice(4, 6)
    expect(reboot.map((line) => line.replace(/^.*: /, ''))).toEqual(['Started Booted', 'Stopped Shutdown'])
    const count = t.readings.length
    for (const line of reboot) t.host.tell(line.replace(/^.*event /, ''))
    const waited = await t.until('a look', () => t.readings.length > count)
    expect(waited).toBeGreaterThanOrEqual(490)
    expect(waited).toBeLessThanOrEqual(510)
    expect(t.machine('pv2').state).toBe('running')
    t.watch.stop()
  })

  it('tells that Xen runs what libvirt calls shut off, when that lasts', async () => {
    const uuid = '7285d25c-7eee-4b32-a88d-a64dfbe54cfd'
    const t = watchingXen({
      'list --all': xen('migration/virsh-list-came-back-behind-libvirt.txt'),
      'list --all --name --uuid': `${zeros} Domain-0\n${uuid} pvh2\n\n`,
      domstate: 'shut off (migrated)\n\n',
      'xl list -v': verbose(xen('migration/xl-list-came-back-behind-libvirt.txt')),
    })
    await t.next()
    expect(t.machine('pvh2')).toMatchObject({ state: 'running', reason: '' })
    await t.until('the danger', () => t.machine('pvh2').reason === "runs behind libvirt's back", 5000)
    expect(t.machine('pvh2')).toMatchObject({ state: 'running', cpuNs: 1.8e9 })
    expect(t.machine('pvh2').foreign).toBeUndefined()
    t.watch.stop()
  })

  it('does not forget what xl said while xl gives no answer', async () => {
    const uuid = '7285d25c-7eee-4b32-a88d-a64dfbe54cfd'
    const t = watchingXen({
      'list --all': xen('migration/virsh-list-came-back-behind-libvirt.txt'),
      'list --all --name --uuid': `${zeros} Domain-0\n${uuid} pvh2\n\n`,
      domstate: 'shut off (migrated)\n\n',
      'xl list -v': `${verbose(xen('migration/xl-list-came-back-behind-libvirt.txt'))}${row('pv1', 1, 1, '-b----', 9, pv1)}\n`,
    })
    await t.until('the danger', () => t.readings.at(-1)?.machines[0]?.reason === "runs behind libvirt's back")
    t.answers['xl list -v'] = hangs
    await t.until('old words', () => t.readings.at(-1)?.partial?.startsWith('what xl says is old') === true)
    expect(t.machine('pvh2')).toMatchObject({ state: 'running', reason: "runs behind libvirt's back" })
    expect(t.machine('pv1')).toMatchObject({ state: 'running', foreign: true })
    t.answers['list --all'] = xen('migration/virsh-list-came-back-behind-libvirt.txt').replace(
      ' -    pvh2       shut off',
      ' 4    pvh2       paused',
    )
    t.answers.domstate = 'paused (user)\n\n'
    await t.next()
    expect(t.machine('pvh2')).toMatchObject({ state: 'paused', reason: 'user' })
    t.watch.stop()
  })

  it('ignores what is being built for 30 seconds, and the target of a migration always', async () => {
    const t = watchingXen({ 'xl list -v': verbose(xen('lifecycle/xl-list-null-row.txt')) })
    await t.next()
    expect(t.readings[0]?.machines.map((m) => m.rawName)).toEqual(['pv2'])
    const built = await t.until('the half-built row', () => t.readings.at(-1)?.machines.length === 2, 40_000)
    expect(built).toBeGreaterThanOrEqual(29_000)
    expect(t.machine('(null)')).toMatchObject({ state: 'paused', foreign: true })
    t.answers['xl list -v'] = verbose(samples('migration/xl-list-while-migrating-pvh.txt').at(-1) ?? '')
    await t.next()
    expect(t.readings.at(-1)?.machines.map((m) => m.rawName)).toEqual(['pv2', 'pvh1'])
    t.watch.stop()
  })

  it('shows a reboot that nobody carries out as running, and says so after a minute', async () => {
    const t = watchingXen({
      'list --all': xen('migration/virsh-list-domain-stuck-after-failed-migration.txt'),
      'xl list -v': verbose(xen('migration/xl-list-domain-stuck-after-failed-migration.txt')),
    })
    await t.next()
    expect(t.machine('pv2')).toMatchObject({ state: 'running', reason: 'reboots' })
    await t.until('the remedy', () => t.machine('pv2').reason.includes('restart libvirtd'), 70_000)
    t.watch.stop()
  })

  it('ends xl and xentop when it is stopped', async () => {
    const t = watchingXen({ 'xl list -v': hangs, 'xentop -b -f -i 1': hangs })
    await t.until('xentop', () => t.host.asked.includes('xentop -b -f -i 1'))
    t.watch.stop()
    await t.until('a moment', () => true)
    expect(vi.getTimerCount()).toBe(0)
    expect(t.readings).toEqual([])
    expect(t.troubles).toEqual([])
  })

  it('reads a driver without domstats that is not Xen by virsh alone', async () => {
    const t = watchingXen({ uri: 'test:///default\n\n' })
    const reading = await t.next()
    expect(reading.machines.map((m) => m.rawName)).toEqual(['pv2'])
    expect(reading.partial).toBeUndefined()
    expect(t.host.asked.some((words) => /xl|sudo/.test(words))).toBe(false)
    t.watch.stop()
  })
})
