import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DemoMachine } from '../../src/demo/machine/machine.ts'
import { type Overheard, overheard } from '../support/asked.ts'
import { freeze, pass, thaw } from '../support/frozen.ts'

let all: Overheard
beforeEach(freeze)
afterEach(async () => {
  await all.end()
  thaw()
})

async function opened(...given: Parameters<typeof overheard>): Promise<Overheard> {
  all = overheard(...given)
  all.fleet.start()
  await pass(2_000)
  return all
}

/** What is asked in as many milliseconds. */
async function asked(milliseconds: number): Promise<readonly string[]> {
  all.asked.length = 0
  await pass(milliseconds)
  return [...all.asked]
}

const snapshot = () => all.fleet.snapshot()
const seenAt = (host: string) => snapshot().seenAt.get(host) ?? 0
/** How often a hypervisor is looked at in twelve seconds. */
const looks = async () => (await asked(12_000)).filter((one) => one.startsWith('hv1 domstats')).length

describe('when nobody has touched the console for a quarter of an hour', () => {
  const minutes = 60_000

  it('hosts are asked every five seconds, until somebody does', async () => {
    const { fleet, skip } = await opened({ hosts: ['hv1'] })
    skip(14 * minutes)
    await pass(2_000)
    const usual = await looks()
    expect(usual).toBeGreaterThan(10)
    skip(1 * minutes)
    await pass(2_000)
    const seldom = await looks()
    expect(seldom).toBeLessThan(usual / 3)
    // What is asked so seldom is not overdue in between.
    await pass(4_500)
    expect(snapshot().staleAfter).toBe(17_500)
    fleet.attention()
    await pass(5_000)
    expect(await looks()).toBeGreaterThanOrEqual(usual - 1)
    expect(snapshot().staleAfter).toBe(4_000)
  })

  it('hosts that are asked less often anyway stay so', async () => {
    const { fleet, skip } = await opened({ hosts: ['hv1'], interval: 6_000 })
    skip(20 * minutes)
    await pass(8_000)
    expect(snapshot().staleAfter).toBe(21_000)
    fleet.attention()
    expect(snapshot().staleAfter).toBe(21_000)
  })

  it('hosts that libvirt does not tell of are asked as seldom', async () => {
    const { skip } = await opened({ hosts: ['fe1'] })
    skip(16 * minutes)
    await pass(2_000)
    expect(snapshot().staleAfter).toBe(17_500)
  })
})

describe('a look out of turn', () => {
  const slow = { interval: 14_000 }

  it('at a host reads it all anew, also what changes seldom', async () => {
    const { fleet, world } = await opened({ hosts: ['hv1', 'hv2'], ...slow })
    const [machine] = snapshot().machines
    const { uuid = '', autostart, host } = machine ?? {}
    const made = world.hypervisors.machines.get(uuid) as DemoMachine
    const before = seenAt('hv2')
    made.autostart = !autostart
    made.title = 'Another one'
    const shown = () => snapshot().machines.find((one) => one.uuid === uuid)
    fleet.lookAfresh(host ?? '')
    await pass(500)
    expect(shown()).toMatchObject({ autostart: !autostart })
    expect(shown()?.title).not.toBe('Another one')
    fleet.lookAfresh(host ?? '', uuid)
    await pass(500)
    expect(shown()).toMatchObject({ title: 'Another one' })
    expect(seenAt('hv2')).toBe(before)
  })

  it('at a host is one at all that is on it', async () => {
    const { fleet } = await opened({ hosts: ['hv1', 'ds1'], ...slow })
    all.asked.length = 0
    fleet.lookAfresh('hv1')
    fleet.lookAfresh('ds1')
    await pass(500)
    const words = all.asked.map((one) => one.split(' ').slice(0, 2).join(' '))
    expect(words).toEqual(expect.arrayContaining(['hv1 domstats', 'hv1 df', 'ds1 df', 'ds1 vdd']))
  })

  it('once more at what a hypervisor does is none at its file systems', async () => {
    const { fleet } = await opened({ hosts: ['hv1', 'ds1'], ...slow })
    all.asked.length = 0
    fleet.lookAgain('hv1')
    fleet.lookAgain('ds1')
    fleet.lookAgain('elsewhere')
    await pass(500)
    const words = all.asked.map((one) => one.split(' ').slice(0, 2).join(' '))
    expect(words).toEqual(expect.arrayContaining(['hv1 domstats', 'ds1 vdd']))
    expect(words).not.toContain('hv1 df')
  })
})

describe('a machine that migrates', () => {
  it('is asked how far it is where it leaves, though no event told of it', async () => {
    const { world } = await opened({ hosts: ['hv1', 'hv2'] })
    const { uuid = '' } =
      snapshot().machines.find(({ host, state }) => host === 'hv1' && state === 'running') ?? {}
    const made = world.hypervisors.machines.get(uuid) as DemoMachine
    expect((await asked(2_000)).filter((one) => one.includes('domjobinfo'))).toEqual([])
    made.migration = { to: 'hv2', startedAt: world.now(), milliseconds: 20_000, abort: () => {} }
    world.hypervisors.hosts.get('hv2')?.incoming.add(made)
    const jobs = (await asked(3_000)).filter((one) => one.includes('domjobinfo'))
    expect([...new Set(jobs)]).toEqual([`hv1 domjobinfo ${uuid}`])
    expect(snapshot().machines.find((one) => one.uuid === uuid)).toMatchObject({
      state: 'migrating',
      host: 'hv1',
      migration: { from: 'hv1', to: 'hv2', percent: expect.any(Number) },
    })
  })
})

describe('what is known', () => {
  it('is the same object until something comes, or is overdue', async () => {
    const { fleet, skip } = await opened({ hosts: ['ldap1'], interval: 20_000 })
    const first = snapshot()
    await pass(1_000)
    expect(snapshot()).toBe(first)
    skip(69_000)
    expect(snapshot()).not.toBe(first)
    expect(snapshot().directories[0]).toMatchObject({ trouble: { kind: 'timeout' } })
    expect(snapshot()).toBe(snapshot())
    fleet.lookAfresh('ldap1')
    await pass(500)
    expect(snapshot().processes.get('ldap1')).not.toBeUndefined()
  })

  it('of connections is noted every second, however many hosts answer', async () => {
    const { fleet } = await opened({ hosts: ['lb1', 'lb2', 'fe1', 'fe2'], interval: 250 })
    await pass(6_000)
    const [frontend] = snapshot().frontends
    const times = fleet.history
      .of('connections', frontend?.address ?? '')
      .since(0)
      .map(({ at }) => at)
    const apart = times.slice(1).map((at, i) => at - (times[i] ?? 0))
    expect(apart.length).toBeGreaterThan(4)
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(1_000)
    expect(Math.max(...apart)).toBeLessThan(1_500)
  })

  it('is the history that is kept, until the fleet ends', async () => {
    const minutes = { read: () => [], write: () => true, close: vi.fn() }
    const { fleet } = await opened({ hosts: ['fe1'], minutes: minutes as never })
    const close = vi.spyOn(fleet.member('fe1')?.host ?? { close: async () => {} }, 'close')
    await fleet.stop()
    expect(minutes.close).toHaveBeenCalledOnce()
    expect(close).toHaveBeenCalledOnce()
  })
})

describe('what is told', () => {
  it('is news to everybody while hosts answer for the first time', async () => {
    all = overheard({ hosts: ['fe1'], notifyEvery: 50 })
    const [heard, news] = [vi.fn(), vi.fn()]
    all.fleet.subscribe(heard)
    all.fleet.onNews(news)
    all.fleet.start()
    await pass(4_500)
    expect(heard.mock.calls.length).toBeGreaterThan(4)
    expect(news.mock.calls.length).toBe(heard.mock.calls.length)
    await pass(1_000)
    news.mockClear()
    await pass(3_000)
    expect(news).not.toHaveBeenCalled()
  })

  it('is news where something happens, and where a machine is otherwise though nothing happened', async () => {
    const { fleet, world, silence } = await opened({ hosts: ['hv1', 'fe1'] })
    await pass(6_000)
    const news = vi.fn()
    fleet.onNews(news)
    await pass(2_000)
    expect(news).not.toHaveBeenCalled()
    const told = fleet.journal.latest(99).length
    const made = world.hypervisors.machines.get(snapshot().machines[0]?.uuid ?? '') as DemoMachine
    made.autostart = !made.autostart
    fleet.lookAfresh('hv1')
    await pass(1_000)
    expect(news).toHaveBeenCalled()
    expect(fleet.journal.latest(99)).toHaveLength(told)
    news.mockClear()
    silence('fe1')
    await pass(2_000)
    expect(news).toHaveBeenCalled()
  })

  it('is nothing to anybody after the end', async () => {
    const { fleet } = await opened({ hosts: ['fe1'] })
    const heard = vi.fn()
    fleet.subscribe(heard)
    await vi.waitUntil(() => pass(25).then(() => all.asked.length > 0))
    await fleet.stop()
    heard.mockClear()
    await pass(2_000)
    expect(heard).not.toHaveBeenCalled()
  })

  it.each([
    [true, true],
    [undefined, true],
    [false, false],
  ])('is written to the journal where it witnesses: %s', async (witness, isWritten) => {
    const { fleet, silence } = await opened({ hosts: ['fe1'], ...(witness === undefined ? {} : { witness }) })
    silence('fe1')
    await pass(6_000)
    expect(fleet.alerts()).not.toEqual([])
    expect(fleet.journal.latest(10).length > 0).toBe(isWritten)
  })
})

describe('what a fleet is to know', () => {
  const words = () => [...new Set(all.asked.map((one) => one.split(' ')[1]))]

  it('of machines needs no pools, and of pools no machines', async () => {
    await opened({ hosts: ['hv1'], about: ['machines'] })
    expect(words()).toContain('dumpxml')
    expect(all.asked.some((one) => one.includes('pool-info') || one.includes(' event '))).toBe(false)
    await all.end()
    await opened({ hosts: ['hv1'], about: ['pools'] })
    expect(words()).not.toContain('dumpxml')
    expect(all.asked.some((one) => one.includes('pool-info'))).toBe(true)
  })

  it('is all where nothing is named, and whatever happens', async () => {
    await opened({ hosts: ['hv1'] })
    expect(words()).toContain('dumpxml')
    for (const what of ['pool-info', ' event '])
      expect(all.asked.some((one) => one.includes(what))).toBe(true)
  })

  it('is of an LDAP and a RADIUS only where there is one', async () => {
    await opened({ hosts: ['hv1', 'ldap1', 'fe1'] })
    expect(snapshot().directories.map(({ host }) => host)).toEqual(['ldap1', 'fe1'])
    expect(snapshot().radius.map(({ host }) => host)).toEqual(['fe1'])
  })
})

describe('what is not said of a fleet', () => {
  it('is as it is usual', async () => {
    await opened({ hosts: ['fe1'], leastSpan: 700 })
    expect(all.fleet).toMatchObject({ typeCountAbove: 5, views: {}, leastSpan: 700 })
    await all.end()
    await opened({ hosts: ['fe1'] })
    expect(all.fleet).toMatchObject({ leastSpan: 400 })
  })

  it('of the way to its libvirt is the address of the configuration, and its driver', async () => {
    const configs = {
      hv1: { address: '10.0.0.9', migrateTo: undefined, libvirt: 'xen:///system' },
      hv2: { migrateTo: 'qemu+tls://hv2/system' },
    }
    await opened({ hosts: ['hv1', 'hv2'], configs: configs as never })
    expect(['hv1', 'hv2', 'hv9'].map((host) => all.fleet.migrationUri(host))).toEqual([
      'xen+ssh://10.0.0.9/system',
      'qemu+tls://hv2/system',
      'qemu+ssh://hv9/system',
    ])
  })
})
