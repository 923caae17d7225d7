import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Fleet } from '../../src/fleet/fleet.ts'
import { areRead } from './failover.ts'
import { describeLab, isOfTheLab, Lab } from './lab.ts'

describeLab('a real Pacemaker cluster of two', () => {
  const lab = Lab.forThisFile('ha')
  let fleet: Fleet
  beforeEach(async () => {
    fleet = await lab.fleet()
  })
  afterEach(async () => {
    await fleet.stop()
    fleet.journal.close()
  })

  const list = async (noun: 'node' | 'resource'): Promise<Record<string, unknown>[]> =>
    JSON.parse((await lab.vdd(noun, 'list', '--json')).stdout).filter(
      ({ manager }: { manager: string }) => manager === 'pacemaker',
    )
  const nodes = async () =>
    (await list('node')).map(({ name, state, splitOff }) => `${name} ${splitOff ? 'apart' : state}`)
  /** Where the group of the directory runs; one place, as all of it is in one. */
  const places = async () => [
    ...new Set(
      (await list('resource'))
        .filter(({ name }) => `${name}`.startsWith('directory-'))
        .map(({ nodes: at }) => (at as { node: string }[]).map(({ node }) => node).join(' ')),
    ),
  ]
  const alerts = () =>
    fleet
      .alerts()
      .filter(isOfTheLab)
      .map(({ name, text }) => `${name}: ${text}`)
  const events = () => fleet.journal.latest(200).map(({ name, host, text }) => `${name ?? host}: ${text}`)
  const allIsWell = async () => {
    await expect.poll(nodes).toEqual(['ha1 online', 'ha2 online'])
    await expect.poll(async () => (await places()).length).toBe(1)
    await expect.poll(alerts).toEqual([])
  }

  it('is read from all that are in it, and vdd host check says so', async () => {
    await allIsWell()
    expect((await lab.vdd('host', 'check')).stdout).toContain('Pacemaker (crm_mon): 2 nodes, 5 resources')
    expect((await list('resource')).find(({ name }) => name === 'watcher')).toMatchObject({
      nodes: [{ node: 'ha1' }, { node: 'ha2' }],
      within: [{ kind: 'clone', id: 'watch' }],
    })
  })

  it('tells what a move leaves behind until it is cleared', async () => {
    await allIsWell()
    const [from] = await places()
    const to = from === 'ha1' ? 'ha2' : 'ha1'
    await lab.on('ha1', 'crm_resource', '--resource', 'directory', '--move', '--node', to)
    await expect.poll(places).toEqual([to])
    await expect
      .poll(alerts)
      .toContainEqual(expect.stringContaining(`directory is held at ${to} (cli-prefer-directory)`))
    expect(events()).toContainEqual(expect.stringContaining(`directory-ip: went from ${from} to ${to}`))
    await lab.on('ha1', 'crm_resource', '--resource', 'directory', '--clear')
    await expect.poll(alerts).toEqual([])
  })

  it('says split brain where both are reached and neither sees the other', async () => {
    await allIsWell()
    const link = async (how: '-A' | '-D') => {
      for (const chain of ['INPUT', 'OUTPUT'])
        await lab.on(
          'ha1',
          'iptables',
          how,
          chain,
          chain === 'INPUT' ? '-s' : '-d',
          '10.79.0.2',
          '-j',
          'DROP',
        )
    }
    await link('-A')
    await expect.poll(nodes).toEqual(['ha1 apart', 'ha2 apart'])
    await expect.poll(places).toEqual(['ha1 ha2'])
    await expect
      .poll(alerts)
      .toContainEqual(
        expect.stringContaining('split brain: ha1 | ha2 do not see each other, and each runs the cluster'),
      )
    expect(alerts()).toContainEqual('directory-ip: runs on ha1 and ha2 at once')
    await link('-D')
    await allIsWell()
  })

  it('believes no node whose corosync has died', async () => {
    await allIsWell()
    process.kill(await lab.pid('ha2', 'corosync'), 'SIGKILL')
    await expect
      .poll(alerts)
      .toContainEqual(
        expect.stringMatching(/^ha2: Pacemaker: does not know its cluster: .*(CIB|cluster|connect)/i),
      )
    await expect.poll(nodes).toEqual(['ha1 online', 'ha2 offline'])
    await lab.run('power', 'ha2', 'off')
    await lab.run('power', 'ha2', 'on')
    await allIsWell()
  })

  it('is seen to take over after a power cut, and for how long nothing ran', async () => {
    await allIsWell()
    const [holder] = await places()
    const other = holder === 'ha1' ? 'ha2' : 'ha1'
    await areRead(fleet, ['ha1', 'ha2'])
    await lab.run('power', holder as string, 'off')
    await expect.poll(alerts).toContainEqual(`${holder}: offline`)
    await expect.poll(places).toEqual([other])
    await expect
      .poll(events)
      .toContainEqual(expect.stringMatching(new RegExp(`^directory-ip: went from ${holder} to ${other}`)))
    await lab.run('power', holder as string, 'on')
    await allIsWell()
    // As the console has seen it, or as a log tells it, whichever was first.
    await expect
      .poll(events)
      .toContainEqual(
        expect.stringMatching(new RegExp(`^${holder}: (is in the cluster again|the others see it)`)),
      )
  })
})
