import { afterEach, expect, it, onTestFinished } from 'vitest'
import type { Fleet } from '../../src/fleet/fleet.ts'
import type { Entry } from '../../src/fleet/journal/journal.ts'
import { describeLab, isOfTheLab, Lab } from './lab.ts'

describeLab('what happened to a real cluster while nobody looked', () => {
  const lab = Lab.forThisFile('ha')
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
  /** Where its own tools say that the address is. */
  const holder = async (asked: string) => {
    const said = await lab.on(asked, 'crm_resource', '--resource', 'directory-ip', '--locate')
    return /is running on: (\S+)/.exec(said)?.[1]
  }
  const settled = async () => {
    await expect.poll(() => lab.on('ha1', 'crm_mon', '-1')).toMatch(/Online: \[ ha1 ha2 \]/)
    await expect.poll(() => holder('ha1')).toBeDefined()
    return (await holder('ha1')) as string
  }
  /** Incidents stand beside the faults that they are made of. */
  const alerts = (fleet: Fleet) =>
    fleet
      .alerts()
      .filter((one) => isOfTheLab(one) && one.about.kind !== 'incident')
      .map(({ name, text }) => `${name}: ${text}`)
  const powerOn = async (host: string) => {
    await lab.run('power', host, 'on')
    await settled()
  }
  /** The entries of this kind since a moment, the first one first. */
  const told = (fleet: Fleet, since: number, type: string, name: string): Entry[] =>
    fleet.journal
      .latest(1_000)
      .filter((one) => one.type === type && one.about?.id === `ha1+ha2 ${name}` && one.at >= since)
      .sort((a, b) => a.at - b.at)

  it('is in the journal of a console that is started afterwards, at the times at which it happened', async () => {
    const from = await settled()
    const to = from === 'ha1' ? 'ha2' : 'ha1'
    const cut = Date.now()
    await lab.run('power', from, 'off')
    onTestFinished(() => powerOn(from))
    await expect.poll(() => holder(to)).toBe(to)
    const seen = Date.now()

    const fleet = await open()
    await expect.poll(() => told(fleet, cut, 'resource.started', 'directory-ip')).toHaveLength(1)
    const [started] = told(fleet, cut, 'resource.started', 'directory-ip')
    const [lost, ...more] = told(fleet, cut, 'node.lost', from)
    expect(more).toEqual([])
    expect(lost).toMatchObject({
      host: to,
      source: 'pacemaker',
      raw: expect.stringContaining('state is now lost'),
    })
    // As certain as the clock of the host: in this lab it is that of the console.
    expect(lost?.uncertainty).toBeLessThan(1_000)
    // The token takes a second, and the consensus more than another one.
    expect((lost?.at ?? 0) - cut).toBeGreaterThan(1_000)
    expect(started?.at).toBeGreaterThan(lost?.at ?? 0)
    // The cluster may say where it runs before it has written so.
    expect(started?.at).toBeLessThan(seen + 1_000)
    expect(started?.seenAt).toBeGreaterThan(seen - 1_000)
  })

  it('and what a console saw itself is there once, with the time of the log', async () => {
    const fleet = await open()
    const from = await settled()
    await expect.poll(() => alerts(fleet)).toEqual([])
    const cut = Date.now()
    await lab.run('power', from, 'off')
    await expect
      .poll(() => told(fleet, cut, 'node.lost', from).map(({ source }) => source))
      .toEqual(['pacemaker'])
    const to = from === 'ha1' ? 'ha2' : 'ha1'
    await expect.poll(() => holder(to)).toBe(to)
    await lab.run('power', from, 'on')
    await settled()
    await expect
      .poll(() => told(fleet, cut, 'node.joined', from).map(({ source }) => source))
      .toContain('pacemaker')
    const lost = told(fleet, cut, 'node.lost', from)
    expect(lost.map(({ at, source, text }) => `${at - cut} ${source}: ${text}`)).toHaveLength(1)
  })

  it('is told of by a clock that is set while it is watched', async () => {
    const fleet = await open()
    await settled()
    const told = () => fleet.journal.latest(20).map(({ type, text }) => `${type} ${text}`)
    await expect.poll(() => alerts(fleet)).toEqual([])
    // That a clock was set is known of one that was read before.
    await expect.poll(() => fleet.snapshot().clocks.find(({ host }) => host === 'ha1')?.reading).toBeDefined()
    await lab.run('clock', 'ha1', '200')
    await expect
      .poll(() => alerts(fleet))
      .toEqual([expect.stringMatching(/^ha1: clock 3 min (19|20|21) s ahead ±\d+\.\d s$/)])
    expect(told()).toContainEqual(
      expect.stringMatching(/^clock\.set its clock was set forward by 3 min (19|20|21) s$/),
    )
    await lab.run('clock', 'ha1', '0')
    await expect.poll(() => alerts(fleet)).toEqual([])
    expect(told()).toContainEqual(
      expect.stringMatching(/^clock\.set its clock was set back by 3 min (19|20|21) s$/),
    )
    expect(told()).toContainEqual(expect.stringMatching(/^clock\.right its clock is right again/))
  })
})
