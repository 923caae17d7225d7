import { afterEach, describe, expect, it } from 'vitest'
import { schema } from '../../src/config/schema.ts'
import { demoFleet } from '../../src/demo/fleet.ts'
import { life } from '../../src/demo/machine/machine.ts'
import { randomFrom, uuidFrom } from '../../src/demo/random.ts'
import { demoVirsh } from '../../src/demo/virsh.ts'
import { World } from '../../src/demo/world.ts'
import type { Argv } from '../../src/hosts/host.ts'
import { readCsns } from '../../src/services/ldap/read.ts'
import { virsh, virshEvents } from '../../src/services/libvirt/client.ts'
import { parseDomstats } from '../../src/services/libvirt/domstats.ts'
import {
  errorText,
  isUuid,
  parseEvent,
  parseNames,
  parseNodeCpu,
  parseNodeinfo,
  parseNodeMemory,
  parseProcessTimes,
  parseUuids,
} from '../../src/services/libvirt/parse.ts'
import { isActive } from '../../src/services/libvirt/states.ts'
import { parseDomainXml } from '../../src/services/libvirt/xml.ts'
import { askStatistics, tryLogin } from '../../src/services/radius/client.ts'
import { until } from '../support/until.ts'

const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop()
})

/** A world with a clock that the test moves. */
function worldOf(options: ConstructorParameters<typeof World>[0] = {}) {
  const clock = { at: 1_000_000 }
  const world = new World({ now: () => clock.at, ...options })
  worlds.push(world)
  return { world, clock }
}

const said = async (world: World, host: string, ...words: string[]) =>
  (await demoVirsh(world, host, words)).out ?? ''
const machinesOn = (world: World, host: string) => world.hypervisors.on(host).map((m) => m.name)

describe('the world of the demo', () => {
  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number) =>
      [...worldOf({ seed }).world.hypervisors.machines.values()].map((m) => [m.uuid, m.life.state])
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })

  it('has as many hosts and machines as are wanted, each machine on a host', () => {
    const { world } = worldOf({ hosts: 12, machines: 500 })
    expect(world.hypervisors.hosts.size).toBe(12)
    expect(new Set([...world.hypervisors.machines.keys()].filter(isUuid)).size).toBe(500)
    expect([...world.hypervisors.hosts.keys()].slice(0, 2)).toEqual(['hv01', 'hv02'])
    for (const { host } of world.hypervisors.machines.values())
      expect(world.hypervisors.hosts.has(host)).toBe(true)
    expect(new Set([...world.hypervisors.machines.values()].map(({ name }) => name)).size).toBe(500)
  })

  it('lets counters run with the clock, only upwards, and only of what runs', async () => {
    const { world, clock } = worldOf()
    const cpu = async () => {
      const stats = parseDomstats(await said(world, 'hv1', 'domstats', '--raw', '--nowait'))
      return [...stats.values()].map((s) => s.cpuNs ?? -1)
    }
    const before = await cpu()
    clock.at += 1000
    const after = await cpu()
    for (const [i, value] of after.entries()) {
      const then = before[i] ?? 0
      if (then < 0) expect(value).toBe(-1)
      else expect(value).toBeGreaterThan(then)
    }
  })

  it('begins the counters of a machine anew when it is started', () => {
    const { world } = worldOf()
    const off = [...world.hypervisors.machines.values()].find((m) => m.life.state === 5)
    if (!off) throw new Error('none is off')
    off.cpuNs = 5e12
    world.hypervisors.become(off, life.booted, 'Started Booted')
    expect(off.cpuNs).toBe(0)
  })

  it('makes the same numbers again from a seed', () => {
    const [one, other] = [randomFrom(7), randomFrom(7)]
    expect([one(), one(), one()]).toEqual([other(), other(), other()])
    expect(isUuid(uuidFrom(one))).toBe(true)
  })
})

describe('the virsh of the demo', () => {
  it('answers in forms that the parsers of the real one read', async () => {
    const { world } = worldOf()
    const names = parseNames(await said(world, 'hv1', 'list', '--all', '--name', '--uuid'))
    expect([...names.values()]).toEqual(machinesOn(world, 'hv1'))
    const stats = parseDomstats(await said(world, 'hv1', 'domstats', '--raw'))
    expect([...stats.keys()]).toEqual(machinesOn(world, 'hv1'))
    for (const word of ['running', 'paused', 'shutoff']) {
      const listed = parseUuids(await said(world, 'hv1', 'list', '--all', '--uuid', `--state-${word}`))
      const inStats = [...names].filter(([, name]) => {
        const state = stats.get(name)?.state
        return word === 'shutoff' ? state && !isActive(state) : state === word
      })
      expect(listed).toEqual(new Set(inStats.map(([uuid]) => uuid)))
    }
    expect(parseNodeinfo(await said(world, 'hv1', 'nodeinfo'))).toEqual({ cpus: 16, memoryKiB: 64 * 2 ** 20 })
    expect(parseNodeMemory(await said(world, 'hv1', 'nodememstats')).memoryFreeKiB).toBeGreaterThan(0)
    expect(parseNodeCpu(await said(world, 'hv1', 'nodecpustats'))).toBeDefined()
    for (const [uuid, name] of names) {
      const xml = parseDomainXml(await said(world, 'hv1', 'dumpxml', uuid))
      expect(xml).toMatchObject({ name, uuid })
    }
  })

  it('refuses as the real one does', async () => {
    const { world } = worldOf()
    const refused = async (...words: string[]) => errorText((await demoVirsh(world, 'hv1', words)).err ?? '')
    const [running] = world.hypervisors.on('hv1').filter((m) => m.life.state === 1)
    expect(await refused('start', running?.uuid ?? '')).toBe('Domain is already active')
    expect(await refused('resume', running?.uuid ?? '')).toContain('domain is already running')
    expect(await refused('start', 'nosuch')).toBe("failed to get domain 'nosuch'")
    expect(await refused('frobnicate')).toBe("unknown command: 'frobnicate'")
    expect(await refused('migrate', '--live', running?.uuid ?? '', 'qemu+ssh://nowhere/system')).toContain(
      'Could not resolve hostname nowhere',
    )
    expect(await refused('migrate', '--live', running?.uuid ?? '', 'qemu+ssh://hv1/system')).toContain(
      'the same host',
    )
  })

  it('shows a migration on both hosts until it has ended, and not on the first after it', async () => {
    const { world } = worldOf()
    const machine = world.hypervisors.on('hv1').find((m) => m.life.state === 1)
    if (!machine) throw new Error('none runs')
    const state = async (host: string) => parseDomstats(await said(world, host, 'domstats')).get(machine.name)
    let ended: string | undefined | null = null
    world.hypervisors.migrate(machine, 'hv2', (error) => {
      ended = error
    })
    expect(await state('hv1')).toMatchObject({ state: 'running' })
    expect(await state('hv2')).toMatchObject({ state: 'paused', reason: 'migrating' })
    machine.migration?.abort()
    expect(ended).toContain('canceled by client')
    expect(await state('hv2')).toBeUndefined()
  })

  it('defines what it is given, and knows it again', async () => {
    const { world } = worldOf()
    const xml = `<domain type='kvm'><name>it&apos;s &lt;new&gt;</name><memory unit='GiB'>1</memory><vcpu>2</vcpu></domain>`
    await demoVirsh(world, 'hv2', ['define', '--validate', '/dev/stdin'], xml)
    const made = world.hypervisors.on('hv2').find((m) => m.name === `it's <new>`)
    expect(made).toMatchObject({ memoryKiB: 2 ** 20, vcpus: 2, persistent: true })
    expect(parseDomainXml(await said(world, 'hv2', 'dumpxml', made?.uuid ?? '')).name).toBe(`it's <new>`)
    expect((await demoVirsh(world, 'hv2', ['define', '/dev/stdin'], 'hello')).err).toContain('XML error')
  })
})

describe('a host of the demo', () => {
  it('tells events in the words of libvirt to whoever follows', async () => {
    const { world, members } = demoFleet()
    const hosts = members.map(({ host }) => host)
    worlds.push(world)
    const host = hosts[0]
    const machine = world.hypervisors.on('hv1').find((m) => m.life.state === 1)
    if (!host || !machine) throw new Error('no machine')
    const channel = await host.stream(virshEvents('qemu:///system', false))
    let text = ''
    channel.stdout.on('data', (data: Buffer) => {
      text += data
    })
    world.hypervisors.become(machine, life.destroyed, 'Stopped Destroyed')
    const line = await until('the event', () => text.split('\n')[0])
    expect(parseEvent(line)).toEqual({ kind: 'lifecycle', name: machine.name, detail: 'Stopped Destroyed' })
    channel.kill()
    expect(await channel.ended).toEqual({ code: 0 })
    world.hypervisors.become(machine, life.booted, 'Started Booted')
    await host.close()
  })

  it('has processes that carry the UUID of their machine', async () => {
    const { world, members } = demoFleet()
    const hosts = members.map(({ host }) => host)
    worlds.push(world)
    const { stdout } = (await hosts[0]?.run(['ps', '-e'])) ?? { stdout: '' }
    const active = world.hypervisors.on('hv1').filter((m) => world.hypervisors.isActive(m))
    expect(new Set(parseProcessTimes(stdout).keys())).toEqual(new Set(active.map((m) => m.uuid)))
  })

  it('has no other programs, and ends what takes too long or is cancelled', async () => {
    const { world, members } = demoFleet()
    const hosts = members.map(({ host }) => host)
    worlds.push(world)
    const [host] = hosts
    await expect(host?.run(['rm', '-rf', '/'])).rejects.toMatchObject({
      kind: 'exec',
      reason: 'rm: command not found',
    })
    const machine = world.hypervisors.on('hv1').find((m) => m.life.state === 1)
    const migrate = virsh(
      'qemu:///system',
      'migrate',
      '--live',
      machine?.uuid ?? '',
      'qemu+ssh://hv2/system',
    ) as Argv
    await expect(host?.run(migrate, { timeout: 20 })).rejects.toMatchObject({ kind: 'timeout' })
    await expect(host?.run(migrate, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    })
  })

  it('can be closed while it has something to say', async () => {
    const { world, members } = demoFleet()
    const hosts = members.map(({ host }) => host)
    worlds.push(world)
    const channel = await hosts[0]?.stream(virsh('qemu:///system'))
    channel?.stdin.write('list --all\ndomstats --raw\necho x\n')
    channel?.kill()
    expect(await channel?.ended).toEqual({ code: 0 })
    await hosts[0]?.close()
  })

  it('has front ends whose directory and RADIUS server answer, fall behind and answer wrongly', async () => {
    let now = Date.UTC(2026, 0, 5, 8)
    const { world, members } = demoFleet({ now: () => now })
    worlds.push(world)
    const settings = { address: 'fe3', port: 1812, secret: 'demo', statusPort: 18121 }
    const member = (name: string) => members.find(({ config }) => config.name === name)
    const csn = async (name: string) => {
      const connection = await member(name)?.ldap?.open()
      return connection && (await readCsns(connection, 'dc=school,dc=example')).csns.get(0)?.text
    }
    const login = async () => {
      const { wire } = member('fe3')?.radius ?? {}
      if (!wire) throw new Error('no RADIUS')
      const signal = new AbortController().signal
      const asking = {
        host: 'fe3',
        wire,
        signal,
        settings: { ...settings, login: { user: 'a', password: 'b' } },
      }
      expect((await askStatistics(asking))?.accepts).toBeGreaterThan(0)
      return (await tryLogin(asking))?.ok
    }
    expect(await csn('fe2')).toBe(await csn('ldap1'))
    expect(await login()).toBe(true)
    now += 60_000
    expect(await csn('fe1')).toBe(await csn('ldap1'))
    expect(await csn('fe2')).not.toBe(await csn('ldap1'))
    now += 45_000
    world.balancing.advance()
    expect(await csn('fe2')).toBe(await csn('ldap1'))
    expect(await login()).toBe(false)
  })

  it('has a configuration that passes the check of real ones', () => {
    const { world, config } = demoFleet()
    worlds.push(world)
    expect(schema.parse(config)).toEqual(config)
  })
})
