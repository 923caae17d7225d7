import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { demoFleet } from '../../src/demo/fleet.ts'
import { life } from '../../src/demo/machine/machine.ts'
import type { World } from '../../src/demo/world.ts'
import { Fleet } from '../../src/fleet/fleet.ts'
import { Journal } from '../../src/fleet/journal/journal.ts'
import { Lookout } from '../../src/fleet/lookout.ts'
import { label, say } from '../../src/hosts/label.ts'
import { freeze, pass, thaw } from '../support/frozen.ts'

let fleet: Fleet
let world: World

beforeEach(async () => {
  freeze()
  const demo = demoFleet({ seed: 1 })
  world = demo.world
  fleet = new Fleet({
    cluster: label('demo'),
    demo: true,
    readOnly: false,
    interval: 1000,
    journal: new Journal(':memory:'),
    members: demo.members,
  })
  fleet.start()
  await pass(4_000)
})
afterEach(async () => {
  await fleet.stop()
  world.stop()
  fleet.journal.close()
  thaw()
})

const texts = () => fleet.journal.latest(100).map(({ host, text }) => `${host} ${text}`)
const alerts = () => fleet.alerts().map(({ host, what }) => `${host} ${what}`)
const named = (role: string) =>
  fleet
    .snapshot()
    .hosts.filter(({ roles }) => roles.some((one) => one === role))
    .map(({ name }) => name)

describe('a fleet', () => {
  it('knows of each host what it does', () => {
    const { hosts, machines, directories, radius, balancers, processes, supplies, storage, seenAt } =
      fleet.snapshot()
    expect([...seenAt.keys()].sort()).toEqual(hosts.map(({ name }) => name).sort())
    expect(hosts.every(({ reachable }) => reachable)).toBe(true)
    expect(machines.length).toBe(world.hypervisors.machines.size)
    const asked = [...named('directory'), ...named('frontend')].sort()
    expect(
      directories
        .filter(({ reading }) => reading?.monitor)
        .map(({ host }) => host)
        .sort(),
    ).toEqual(asked)
    expect(
      radius
        .filter(({ reading }) => reading)
        .map(({ host }) => host)
        .sort(),
    ).toEqual(named('frontend').sort())
    expect(balancers.map(({ host, lvs, ldirectord }) => [host, !!lvs, !!ldirectord?.config])).toEqual(
      named('balancer').map((name) => [name, true, true]),
    )
    for (const host of named('frontend')) expect(processes.get(host)).not.toEqual([])
    expect([...new Set(supplies.map(({ kind }) => kind))].sort()).toEqual([
      'cpu',
      'file system',
      'memory',
      'pages',
      'pool',
    ])
    expect(storage.length).toBeGreaterThan(0)
  })

  it('tells what begins to be wrong with a front end, and that it is over', async () => {
    const [first] = world.balancing.frontends
    if (!first) throw new Error('no front end')
    first.failing = true
    await pass(8_000)
    expect(alerts()).toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^${first.name} ldap`))]),
    )
    expect(alerts()).toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^${first.name} (login|radius)`))]),
    )
    const told = texts().length
    expect(told).toBeGreaterThan(0)
    first.failing = false
    await pass(8_000)
    expect(alerts().filter((one) => one.startsWith(first.name))).toEqual([])
    expect(texts().length).toBeGreaterThan(told)
  })

  it('tells of an incident that is over though nobody saw its end, and of none that is not', async () => {
    const [over, open] = world.balancing.frontends
    if (!over || !open) throw new Error('no front ends')
    open.failing = true
    for (const { name } of [over, open])
      fleet.journal.add({
        at: Date.now(),
        kind: 'seen',
        severity: 'bad',
        type: 'directory.failed',
        host: name,
        about: { kind: 'directory', id: name },
        text: say`LDAP: no answer`,
      })
    await pass(65_000)
    const still = fleet.snapshot().incidents.filter((one) => one.open.length)
    expect(still.map(({ concern }) => concern.host)).toContain(open.name)
    expect(still.map(({ concern }) => concern.host)).not.toContain(over.name)
    expect(texts()).toContain(`${over.name} over, and nobody saw its end`)
  })

  it('sees at once on all balancers that one gave up what another takes', async () => {
    const [active, passive] = world.balancing.balancers
    if (!active || !passive) throw new Error('no pair')
    using look = vi.spyOn(Lookout.prototype, 'lookAfresh')
    active.holdsAddress = false
    passive.holdsAddress = true
    await pass(2_500)
    expect(look.mock.calls.map(([host]) => host)).toEqual(expect.arrayContaining([active.name, passive.name]))
    expect(fleet.snapshot().services.every(({ balancer }) => balancer === passive.name)).toBe(true)
  })

  it('asks its hosts at its pace, another one when it is told, and none when it has ended', async () => {
    const read = new Set<number | undefined>()
    fleet.subscribe(() => read.add(fleet.snapshot().balancers[0]?.lvs?.at))
    const asked = async (milliseconds: number) => {
      read.clear()
      await pass(milliseconds)
      return read.size
    }
    const usual = await asked(4_000)
    expect(usual).toBeGreaterThan(0)
    fleet.interval = 250
    await pass(1_000)
    expect(await asked(4_000)).toBeGreaterThan(2 * usual)
    fleet.interval = 4_000
    await pass(1_000)
    expect(await asked(4_000)).toBeLessThan(usual)
    await fleet.stop()
    expect(await asked(10_000)).toBe(0)
  })

  it('tells who listens that something came, ten times a second at most', async () => {
    const heard = vi.fn()
    const unsubscribe = fleet.subscribe(heard)
    await pass(2_000)
    expect(heard.mock.calls.length).toBeGreaterThan(0)
    expect(heard.mock.calls.length).toBeLessThanOrEqual(21)
    unsubscribe()
    heard.mockClear()
    await pass(2_000)
    expect(heard).not.toHaveBeenCalled()
  })

  it('tells who waits for news of what happens, and not of numbers that move', async () => {
    await pass(6_000)
    const [heard, news] = [vi.fn(), vi.fn()]
    fleet.subscribe(heard)
    const unsubscribe = fleet.onNews(news)
    await pass(3_000)
    expect(heard.mock.calls.length).toBeGreaterThan(2 * news.mock.calls.length)
    news.mockClear()
    const machine = fleet.snapshot().machines.find(({ state }) => state === 'running')
    const made = world.hypervisors.machines.get(machine?.uuid ?? '')
    if (!made) throw new Error('nothing runs')
    world.hypervisors.become(made, life.paused, 'Suspended Paused')
    await pass(1_000)
    expect(news).toHaveBeenCalled()
    unsubscribe()
    news.mockClear()
    world.hypervisors.become(made, life.unpaused, 'Resumed Unpaused')
    await pass(1_000)
    expect(news).not.toHaveBeenCalled()
  })

  it('keeps who takes care of an alert, with what was said, until that is taken back', async () => {
    const [first] = world.balancing.frontends
    if (first) first.failing = true
    await pass(8_000)
    const [alert] = fleet.alerts()
    if (!alert) throw new Error('no alert')
    fleet.acknowledge(alert, say`ada`, `  ${'é'.repeat(300)} `)
    const standing = () => fleet.alerts().find(({ id }) => id === alert.id)
    expect(standing()?.acknowledged).toMatchObject({ who: 'ada', note: 'é'.repeat(200) })
    fleet.withdraw(alert, say`bob`)
    expect(standing()).not.toHaveProperty('acknowledged')
  })
})

describe('what is waited for', () => {
  it('is there at once, or comes, or is given up with its reason', async () => {
    const never = new AbortController()
    expect(await fleet.until(() => 1, never.signal)).toBe(1)
    let isThere = false
    const later = fleet.until(() => (isThere ? 'there' : undefined), never.signal)
    isThere = true
    await pass(2_000)
    expect(await later).toBe('there')
    const given = fleet.until(() => undefined, never.signal)
    const why = new Error('enough')
    never.abort(why)
    await expect(given).rejects.toBe(why)
    await expect(fleet.until(() => 1, never.signal)).rejects.toBe(why)
  })

  it('of work ends before the hosts are left, or is given up', async () => {
    const work = Promise.withResolvers<string>()
    const done = fleet.during(work.promise)
    let isOver = false
    const ending = fleet.giveUp().then(() => {
      isOver = true
    })
    await pass(500)
    expect([fleet.ending.aborted, isOver]).toEqual([true, false])
    work.resolve('done')
    await ending
    expect([await done, isOver]).toEqual(['done', true])
    const endless = Promise.withResolvers<void>()
    const never = fleet.during(endless.promise)
    const late = fleet.giveUp()
    await pass(3_000)
    await late
    endless.resolve()
    await never
  })
})

describe('the way to the libvirt of a host', () => {
  it('is the one of the configuration', () => {
    const [first] = named('hypervisor')
    expect(fleet.migrationUri(first ?? '')).toBe(`qemu+ssh://${first}/system`)
    expect(fleet.migrationUri('elsewhere')).toBe('qemu+ssh://elsewhere/system')
  })
})
