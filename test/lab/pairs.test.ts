import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Fleet } from '../../src/fleet/fleet.ts'
import { areRead, cutPower, isToldByLogs, powerAgain } from './failover.ts'
import { describeLab, isOfTheLab, Lab } from './lab.ts'

const address = '10.79.0.110'

describeLab('real pairs under heartbeat, and under keepalived', () => {
  const lab = Lab.forThisFile('ha')
  let fleet: Fleet
  beforeEach(async () => {
    fleet = await lab.fleet()
  })
  afterEach(async () => {
    await fleet.stop()
    fleet.journal.close()
  })

  const list = async (noun: 'node' | 'resource', of = 'heartbeat'): Promise<Record<string, unknown>[]> =>
    JSON.parse((await lab.vdd(noun, 'list', '--json')).stdout).filter(
      ({ manager }: { manager: string }) => manager === of,
    )
  const nodes = async () =>
    (await list('node')).map(({ name, state, splitOff }) => `${name} ${splitOff ? 'apart' : state}`)
  const places = async () =>
    (await list('resource')).map(
      ({ name, nodes: at }) => `${name}: ${(at as { node: string }[]).map(({ node }) => node).join(' ')}`,
    )
  const on = (...names: string[]) =>
    [address, '/srv/ldap', 'slapd'].map((one) => `${one}: ${names.join(' ')}`)
  const isOfPair = (text: string) => /^(hb|kl|10\.79\.0\.110|\/srv|slapd|VI_1)/.test(text)
  const alerts = () =>
    fleet
      .alerts()
      .filter(isOfTheLab)
      .map(({ name, host, text }) => `${name ?? host}: ${text}`)
      .filter(isOfPair)
  const events = () =>
    fleet.journal
      .latest(200)
      .map(({ name, host, text }) => `${name ?? host}: ${text}`)
      .filter(isOfPair)
  /** All is in one place, which is told, and the other. */
  const allIsWell = async () => {
    await expect.poll(nodes).toEqual(['hb1 online', 'hb2 online'])
    await expect.poll(async () => new Set((await places()).map((one) => one.split(': ')[1])).size).toBe(1)
    await expect.poll(alerts).toEqual([])
    return (await places())[0]?.endsWith('hb1') ? (['hb1', 'hb2'] as const) : (['hb2', 'hb1'] as const)
  }

  it('is read from both, and vdd host check says so', async () => {
    await allIsWell()
    const { stdout } = await lab.vdd('host', 'check', 'hb1')
    expect(stdout).toContain('heartbeat (cl_status): 2 nodes, 3 resources')
    expect((await list('node'))[0]).toMatchObject({
      links: expect.arrayContaining([{ name: 'eth0', up: true }]),
    })
    expect((await list('resource'))[0]).toMatchObject({ prefers: 'hb1', agent: 'IPaddr2' })
  })

  it('is seen to take over after a power cut, with how long nobody had the address', async () => {
    await allIsWell()
    const pair = { hosts: ['hb1', 'hb2'], address } as const
    const cut = await cutPower(lab, fleet, pair)
    const { holder, other } = cut
    await expect.poll(alerts).toContainEqual(`${holder}: offline`)
    await expect.poll(places).toEqual(on(other))
    const took = `^10\\.79\\.0\\.110: went from ${holder} to ${other}; it ran nowhere for (at most )?[\\d.]+( to [\\d.]+)? s$`
    await expect.poll(events).toContainEqual(expect.stringMatching(new RegExp(took)))
    await isToldByLogs(lab, pair, await powerAgain(lab, fleet, pair, cut))
    expect((await allIsWell())[0]).toBe(other)
  })

  it('is split where neither hears the other, and both have the address', async () => {
    const [holder, other] = await allIsWell()
    const far = other === 'hb1' ? '10.79.0.11' : '10.79.0.12'
    const cut = async (how: '-A' | '-D') => {
      await lab.on(holder, 'iptables', how, 'INPUT', '-s', far, '-j', 'DROP')
      await lab.on(holder, 'iptables', how, 'OUTPUT', '-d', far, '-j', 'DROP')
    }
    await cut('-A')
    await expect.poll(nodes).toEqual(['hb1 apart', 'hb2 apart'])
    await expect.poll(places).toContainEqual(`${address}: hb1 hb2`)
    await expect
      .poll(alerts)
      .toContainEqual(
        expect.stringContaining('split brain: hb1 | hb2 do not see each other, and each runs the cluster'),
      )
    expect(alerts()).toContainEqual(`${address}: runs on hb1 and hb2 at once`)
    await cut('-D')
    await expect.poll(nodes).toEqual(['hb1 online', 'hb2 online'])
  })

  it('says which heartbeat is stopped', async () => {
    process.kill(await lab.pid('hb1', 'heartbeat'), 'SIGTERM')
    await expect.poll(alerts).toContainEqual('hb1: heartbeat is stopped: it takes nothing over')
  })

  it('is told of by a console that comes only after a take-over under keepalived: once, at the time of its log', async () => {
    const holders = async () =>
      (await list('resource', 'keepalived')).flatMap(({ nodes: at }) =>
        (at as { node: string }[]).map(({ node }) => node),
      )
    await expect.poll(holders).toEqual(['kl1'])
    const cutAt = Date.now()
    await lab.run('power', 'kl1', 'off')
    const script = `until ip -o addr | grep -qF ' 10.79.0.120/'; do sleep 0.02; done; date +%s.%N`
    const takenAt = Number(await lab.on('kl2', 'sh', '-c', script)) * 1000
    const later = await lab.fleet()
    try {
      const told = () =>
        later.journal
          .latest(1_000)
          .filter(
            ({ type, about, at }) =>
              type?.startsWith('resource.') && about?.id.includes(' VRRP 51 ') && at >= cutAt,
          )
      await expect
        .poll(() => later.journal.latest(1_000).map(({ at, text, host }) => `${at - cutAt} ${host}: ${text}`))
        .toContainEqual(expect.stringMatching(/^\d+ kl2: master on kl2/))
      // What it sees itself since is no other take-over.
      await expect
        .poll(() => later.alerts().map(({ about }) => about))
        .toContainEqual({ kind: 'host', id: 'kl1' })
      const [one, ...more] = told()
      expect(more).toEqual([])
      expect(one).toMatchObject({
        type: 'resource.started',
        host: 'kl2',
        source: 'keepalived',
        text: 'master on kl2',
        raw: expect.stringContaining('Entering MASTER STATE'),
      })
      // The word and the address come together; the wide bound is for a busy machine.
      expect(Math.abs((one?.at ?? 0) - takenAt)).toBeLessThan(2_000)
      expect(one?.at).toBeLessThan(one?.seenAt ?? 0)
    } finally {
      await later.stop()
      later.journal.close()
      await lab.run('power', 'kl1', 'on')
    }
  })

  it('tells who is master, and of a take-over when it is switched off', async () => {
    const master = async () => {
      const [one] = await list('resource', 'keepalived')
      const { state, nodes: at, priorities, since } = one ?? {}
      return { state, at: (at as { node: string }[])?.map(({ node }) => node), priorities, since }
    }
    const priorities = [
      { node: 'kl1', priority: 140 },
      { node: 'kl2', priority: 130 },
    ]
    await expect
      .poll(master)
      .toEqual({ state: 'master', at: ['kl1'], priorities, since: expect.stringMatching(/^20/) })
    expect((await lab.vdd('host', 'check', 'kl1')).stdout).toContain('keepalived: 1 instances')
    await areRead(fleet, ['kl1', 'kl2'])
    await lab.run('power', 'kl1', 'off')
    await expect
      .poll(events)
      .toContainEqual(expect.stringMatching(/^VI_1: went from kl1 to kl2; it ran nowhere for /))
    expect(await master()).toMatchObject({ state: 'master', at: ['kl2'] })
    await lab.run('power', 'kl1', 'on')
    // It has the higher priority.
    await expect.poll(master).toMatchObject({ state: 'master', at: ['kl1'] })
    process.kill(await lab.pid('kl1', 'keepalived'), 'SIGTERM')
    await expect.poll(alerts).toContainEqual('kl1: keepalived is stopped: it takes nothing over')
  })
})
