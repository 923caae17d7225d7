import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { letFail } from '../../src/demo/failures.ts'
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
  await pass(500)
  all.asked.length = 0
  return all
}

const ofHost = (host: string) => (one: { readonly host: string }) => one.host === host

/** What is told to be wrong, of whichever kind. */
function troubles(): string[] {
  const { hosts, balancers, directories, radius, displays, storage } = all.fleet.snapshot()
  return [
    ...hosts.flatMap(({ name, trouble }) => (trouble ? `${name}` : [])),
    ...balancers.flatMap(({ host, lvsTrouble, ldirectordTrouble }) => [
      ...(lvsTrouble ? [`${host} lvs`] : []),
      ...(ldirectordTrouble ? [`${host} ldirectord`] : []),
    ]),
    ...Object.entries({ directories, radius, displays, storage }).flatMap(([what, records]) =>
      records.flatMap(({ host, trouble }) => (trouble ? [`${host} ${what}`] : [])),
    ),
  ]
}

describe('what a silent host and its servers no longer tell', () => {
  it.each([
    ['hv1', ['hv1', 'hv1 storage']],
    ['lb2', ['lb2', 'lb2 lvs', 'lb2 ldirectord', 'lb2 storage']],
    ['ldap1', ['ldap1', 'ldap1 directories', 'ldap1 storage']],
    ['ds1', ['ds1', 'ds1 displays', 'ds1 storage']],
    ['fe1', ['fe1', 'fe1 directories', 'fe1 radius', 'fe1 storage']],
  ])('is told of %s, until it answers', async (host, expected) => {
    const { fleet, silence, mend } = await opened({ hosts: [host] })
    silence(host)
    // Its file systems are looked at once a minute.
    fleet.lookAfresh(host)
    await pass(4_000)
    expect(troubles()).toEqual(expected)
    expect(fleet.journal.latest(20).map(({ host }) => host)).toContain(host)
    mend(host)
    await pass(9_000)
    expect(troubles()).toEqual([])
  })
})

it('a host is doubted when another one of its cluster says that it is gone, and no other host', async () => {
  const { world, asked } = await opened()
  letFail(world, 'balancer')
  await pass(14_000)
  const doubted = asked.filter((one) => one.includes('doubted'))
  expect(doubted.length).toBeGreaterThan(0)
  expect(new Set(doubted.map((one) => one.split(' ')[0]))).toEqual(new Set(['lb1']))
  expect(doubted).toContainEqual('lb1 doubted: silent, and lb2 says: lb1 offline')
})

describe('what the configuration says of a host', () => {
  it('is where its ldirectord has its file, and whether root reads the table', async () => {
    const configs = { lb1: { sudo: true, ldirectord: '/etc/own.cf' } }
    const { asked } = await opened({ hosts: ['lb1', 'lb2'], configs })
    await pass(1_500)
    const of = (host: string, what: string) =>
      asked.some((one) => one.startsWith(`${host} `) && one.includes(what))
    expect(['sudo', '/etc/own.cf', '/etc/ha.d/ldirectord.cf'].map((what) => of('lb1', what))).toEqual([
      true,
      true,
      false,
    ])
    expect(['sudo', '/etc/ha.d/ldirectord.cf'].map((what) => of('lb2', what))).toEqual([false, true])
  })

  it('is that this program runs there, so that it is known what it is made of', async () => {
    const { fleet } = await opened({ hosts: ['fe1', 'fe2'], configs: { fe1: { local: true } } })
    const known = () => fleet.snapshot().hosts.map(({ hardware }) => !!hardware)
    await vi.waitFor(() => expect(known()).toEqual([true, false]), 5_000)
  })

  it('is which vdd its displays are asked by', async () => {
    const { asked } = await opened({ hosts: ['ds1'] })
    await pass(3_000)
    expect(asked).toContainEqual(expect.stringMatching(/^ds1 vdd channel facts/))
  })
})

describe('how often is asked', () => {
  /** When this was told, in as many milliseconds. */
  async function told(milliseconds: number, when: () => number | undefined): Promise<number[]> {
    const times = new Set<number>()
    const unsubscribe = all.fleet.subscribe(() => times.add(when() ?? 0))
    times.add(when() ?? 0)
    await pass(milliseconds)
    unsubscribe()
    return [...times].slice(1)
  }
  const snapshot = () => all.fleet.snapshot()
  const displays = () => snapshot().displays.find(ofHost('ds1'))?.reading?.at
  const storage = () => snapshot().storage.find(ofHost('ds1'))?.at
  const directory = (host: string) => snapshot().directories.find(ofHost(host))?.reading?.at

  it('of displays is every three seconds, or as seldom as of all', async () => {
    const { fleet } = await opened({ hosts: ['ds1'] })
    expect(await told(12_000, displays)).toHaveLength(4)
    fleet.interval = 500
    expect(await told(12_000, displays)).toHaveLength(4)
    fleet.interval = 6_000
    await pass(6_000)
    expect(await told(12_000, displays)).toHaveLength(2)
  })

  it('of displays is as seldom as of all from the start', async () => {
    await opened({ hosts: ['ds1'], interval: 6_000 })
    expect(await told(12_000, displays)).toHaveLength(2)
  })

  it('of file systems is every minute', async () => {
    await opened({ hosts: ['ds1'], interval: 20_000 })
    expect(await told(121_000, storage)).toHaveLength(2)
  })

  it('of the directory that all others follow is twice as often as of these', async () => {
    const { fleet, asked } = await opened({ hosts: ['ldap1', 'fe1'], interval: 4_000 })
    const looks = (host: string) => told(24_000, () => directory(host))
    const [provider, replica] = [await looks('ldap1'), await looks('fe1')]
    expect(provider.length).toBeGreaterThanOrEqual(12)
    // Besides, whenever the directory changed: every six seconds in the demo.
    expect(replica.length).toBeLessThan(12)
    fleet.interval = 1_000
    await pass(4_000)
    expect((await looks('ldap1')).length).toBeGreaterThanOrEqual(47)
    expect(asked).toContain('fe1 ldap')
  })
})

describe('what is asked out of turn', () => {
  it('is every directory once one of them has something new', async () => {
    const { fleet, world } = await opened({ hosts: ['ldap1', 'fe1', 'fe3'], interval: 12_000 })
    const newest = () => fleet.snapshot().directories.map(({ reading }) => reading?.at ?? 0)
    await pass(5_400)
    const before = newest()
    await pass(300)
    expect(world.directory.age).toBeGreaterThan(6_000)
    expect(newest().every((at, i) => at > (before[i] ?? 0))).toBe(true)
  })

  it('is the table of a balancer when its ldirectord did something', async () => {
    const { fleet, world } = await opened({ hosts: ['lb1'], interval: 20_000 })
    const at = () => fleet.snapshot().balancers[0]?.lvs?.at
    const before = at()
    const [first] = world.balancing.balancers
    await pass(3_000)
    expect(at()).toBe(before)
    if (first) world.balancing.reload(first)
    await pass(500)
    expect(at()).toBeGreaterThan(before ?? 0)
    expect(fleet.journal.latest(5).map(({ text }) => text)).toContain('ldirectord reloads its configuration')
  })
})
