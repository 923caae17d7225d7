import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Fleet } from '../../src/fleet/fleet.ts'
import type { Entry } from '../../src/fleet/journal/journal.ts'
import { until } from '../support/until.ts'
import { describeLab, Lab } from './lab.ts'

describeLab('a machine that a real cluster runs', () => {
  const lab = Lab.forThisFile('ha', 'machines')
  let fleet: Fleet | undefined
  // The other pairs would only take time.
  beforeAll(() => {
    const [before, ...hosts] = readFileSync(lab.config, 'utf8').split(/^(?= {2}- name: )/m)
    const own = hosts.filter((one) => one.startsWith('  - name: ha'))
    writeFileSync(lab.config, [before, ...own, catalogue].join(''))
  })
  afterAll(async () => {
    await fleet?.stop()
    fleet?.journal.close()
  })

  const watching = async () => {
    fleet ??= await lab.fleet()
    return fleet
  }
  const mail1 = async () => (await watching()).snapshot().machines.find(({ rawName }) => rawName === 'mail1')
  const resource = async () =>
    (await watching())
      .snapshot()
      .clusters.flatMap(({ reading }) => reading?.cluster.resources ?? [])
      .find(({ rawId }) => rawId === 'vm-mail1')
  /** Where it runs, once its hypervisor and its cluster agree: it runs there before the cluster has started it. */
  const where = () =>
    until('one place of it', async () => {
      const [machine, of] = [await mail1(), await resource()]
      const isStarted = of?.role === 'Started' && of.nodes.join() === machine?.host
      if (machine?.state === 'running' && isStarted) return machine.host
      const { hosts = [] } = fleet?.snapshot() ?? {}
      throw new Error(
        `${machine?.host} ${machine?.state}, by its cluster ${of?.role} on ${of?.nodes}; ${hosts.map(({ name, trouble }) => `${name}: ${trouble?.reason ?? 'well'}`).join(', ')}`,
      )
    })
  /** The Machines screen, on which it alone is. */
  const onMachines = async () => {
    const console = lab.open()
    console.type(':machines')
    console.press('enter')
    await console.until('> mail1')
    return console
  }
  const other = (host: string) => (host === 'ha1' ? 'ha2' : 'ha1')

  it('names its resource, and is moved live by it from the Machines screen', async () => {
    const from = await where()
    const to = other(from)
    expect(await lab.machine('mail1')).toMatchObject({
      owner: { resource: 'vm-mail1', cluster: 'ha1+ha2', live: true },
    })
    const console = await onMachines()
    console.press('m')
    await console.until('To which host?')
    console.press('enter')
    await console.until(`vm-mail1 moves live from ${from} to ${to}`)
    await console.until('--clear')
    console.press('y')
    await console.until('mail1: Migrate: done')
    expect(await where()).toBe(to)
    expect(await mail1()).toMatchObject({ reason: 'migrated' })
    expect(await lab.on(to, 'cibadmin', '-Q', '--scope', 'constraints')).not.toContain('cli-prefer')
    const texts = (await watching()).journal.latest(100).map(({ text }) => text)
    expect(texts.filter((text) => /runs on ha1 and ha2 at once/.test(text))).toEqual([])
  })

  it('is not ended past it, and stopped by it; the desk lets it be started again', async () => {
    expect(await lab.vdd('machine', 'off', 'mail1', '--yes')).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining('its cluster would start it again (resource vm-mail1): shut it down'),
    })
    const console = await onMachines()
    console.press('d')
    await console.until('vm-mail1 stops on')
    console.press('y')
    await console.until('mail1: Shut down: done')
    expect((await lab.vdd('machine', 'start', 'mail1', '--yes')).stderr).toContain(
      'starts it by "vdd cluster enable vm-mail1"',
    )
    expect((await lab.vdd('catalogue', 'ready', '--json')).stdout).toContain('"machine": "mail1"')
    await where()
  })

  it('is started elsewhere when its host dies, which is one incident', async () => {
    const from = await where()
    const incidents = () =>
      fleet
        ?.snapshot()
        .incidents.filter(({ entries }) => entries.some(({ about }) => about?.id.startsWith('ha1+ha2 '))) ??
      []
    expect(incidents()).toEqual([])
    const cutAt = Date.now()
    await lab.run('power', from, 'off')
    await until('it elsewhere', async () => {
      const machine = await mail1()
      return machine?.host === other(from) && machine.state === 'running'
    })
    const tookMs = Date.now() - cutAt
    // On a quick machine it was moved by hand so shortly before that this belongs to the incident, too.
    const isOfIt = ({ about, type, at }: Entry) =>
      about?.id === 'ha1+ha2 vm-mail1' && type === 'resource.moved' && at >= cutAt
    await until('what was done about it', () =>
      incidents().some(({ acted, entries }) => acted && entries.some(isOfIt)),
    )
    expect(incidents()).toHaveLength(1)
    await lab.run('power', from, 'on')
    const over = await until('the end', () => incidents().find(({ restored }) => restored))
    const told = over.entries.filter(isOfIt).map(({ text }) => text)
    expect(told).toEqual([expect.stringMatching(`^went from ${from} to ${other(from)}; it ran nowhere for `)])
    expect(over.entries.filter(({ type }) => type === 'resource.twice')).toEqual([])
    process.stdout.write(`power cut of its host: it runs elsewhere after ${tookMs} ms\n`)
  })
})

const catalogue = `
desk:
  systems:
    - name: mail
      title: Mail
      shows: screen
      ready: 1
      machines: [mail1]
`
