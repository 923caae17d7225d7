import { afterEach, expect, it } from 'vitest'
import type { Fleet } from '../../src/fleet/fleet.ts'
import { describeLab, Lab } from './lab.ts'

describeLab('what happened to real machines while nobody looked', () => {
  const lab = Lab.forThisFile('virt')
  const fleets: Fleet[] = []
  afterEach(async () => {
    for (const fleet of fleets.splice(0)) {
      await fleet.stop()
      fleet.journal.close()
    }
  })
  const open = async () => {
    const fleet = await lab.fleet()
    fleets.push(fleet)
    return fleet
  }
  const kill = async (machine: string, signal: 'SIGKILL' | 'SIGTERM') => {
    const at = Date.now()
    process.kill(await lab.pid('a', machine), signal)
    await expect.poll(() => lab.running('a')).not.toContain(machine)
    return { at, until: Date.now() }
  }
  /** What is told of a machine since a moment, the first first. */
  const told = (fleet: Fleet, machine: string, since: number) =>
    fleet.journal
      .latest(1_000)
      .filter(({ name, at }) => name === machine && at >= since)
      .sort((a, b) => a.at - b.at)
      .map(({ source, type, text }) => `${source ?? 'seen'} ${type}: ${text}`)

  it('is in the journal of a console that is started afterwards, at the times at which it happened', async () => {
    const killed = await kill('tick1', 'SIGKILL')
    await lab.on('a', 'virsh', 'start', 'tick1')
    const ended = await kill('tick1', 'SIGTERM')
    const fleet = await open()
    await expect
      .poll(() => told(fleet, 'tick1', killed.at))
      .toEqual([
        'libvirt machine.crashed: crashed',
        'libvirt machine.started: running (booted)',
        expect.stringMatching(
          /^libvirt machine\.stopped: shut off \(shutdown\), QEMU was ended by signal 15/,
        ),
      ])
    const [crashed, , stopped] = fleet.journal
      .latest(1_000)
      .filter(({ name, at }) => name === 'tick1' && at >= killed.at)
      .sort((a, b) => a.at - b.at)
    // As certain as the clock of the host, which is that of the console here.
    for (const [entry, { at, until }] of [
      [crashed, killed],
      [stopped, ended],
    ] as const) {
      expect(entry?.at).toBeLessThanOrEqual(until)
      expect(entry?.at).toBeGreaterThanOrEqual(at)
      expect(entry?.uncertainty).toBeLessThan(1_000)
      expect(entry?.seenAt).toBeGreaterThan(until)
    }
    await lab.on('a', 'virsh', 'start', 'tick1')
  })

  it('and what a console saw itself is there once, in the words of what it saw', async () => {
    const fleet = await open()
    await expect.poll(() => fleet.snapshot().machines.map(({ name }) => name)).toContain('web1')
    const { at } = await kill('web1', 'SIGKILL')
    await expect
      .poll(() => told(fleet, 'web1', at))
      .toEqual(['libvirt machine.crashed: crashed, was running'])
    const began = Date.now()
    await lab.on('a', 'virsh', 'start', 'web1')
    // That it is paused at first is seen, too, or not.
    await expect
      .poll(() => told(fleet, 'web1', began).filter((line) => line.includes('machine.started')))
      .toEqual([expect.stringMatching(/^libvirt machine\.started: running/)])
    const left = Date.now()
    await lab.on('a', 'virsh', 'migrate', '--live', '--persistent', 'db1', 'qemu+ssh://10.77.0.2/system')
    await expect
      .poll(() => told(fleet, 'db1', left).filter((line) => line.includes('machine.moved')))
      .toEqual([expect.stringMatching(/^libvirt machine\.moved: moved from a to b, running/)])
    expect(
      told(fleet, 'db1', left).filter((line) => /machine\.(started|stopped|crashed)/.test(line)),
    ).toEqual([])
  })
})
