import { expect, it, onTestFinished } from 'vitest'
import { describeLab } from './lab.ts'
import { nothing, ScreenGround } from './screen-ground.ts'

describeLab('the screen of a machine of which something ends', () => {
  const ground = new ScreenGround()
  const { lab, as, channels, windows, left } = ground

  const state = async () => (await channels())[0]?.said
  const pids = async (of: RegExp) =>
    (await ground.processes(of)).map((one) => one.trim().split(' ')[0] as string)
  /** Not sudo, which waits for it. */
  const brokers = () => pids(/^\s*\d+ (?!sudo)\S.*desk-broker/)
  const kept = async () => {
    await ground.given('old')
    const { open: said } = await ground.open('old', 'web1', { keep: true }).hears('open')
    const picture = await ground.wanted()
    await expect.poll(() => ground.shown('term1')).toBe(picture)
    // The one that was asked for the machine may still be ending.
    await expect.poll(brokers).toHaveLength(1)
    return { id: said.id, picture }
  }

  it('is brought again when its broker is killed', async () => {
    const { id, picture } = await kept()
    const before = await brokers()
    await lab.on('disp1', 'kill', '-KILL', ...before)
    await expect.poll(async () => (await brokers()).filter((pid) => !before.includes(pid))).toHaveLength(1)
    await expect.poll(() => ground.shown('term1')).toBe(picture)
    await expect
      .poll(state)
      .toMatchObject({ id, state: 'open', terminal: { name: 'term1', display: expect.anything() } })
    expect(await state()).not.toHaveProperty('trouble')
  })

  it('waits unseen when its viewer is killed, or its terminal ends, and is shown again', async () => {
    const { id, picture } = await kept()
    const unseen = async () => {
      await expect.poll(async () => (await state())?.terminal).toEqual({ name: 'term1' })
      await expect.poll(brokers).toEqual([])
      expect(await pids(/vncviewer/)).toEqual([])
    }
    await lab.on('disp1', 'kill', '-KILL', ...(await pids(/vncviewer/)))
    await unseen()
    const ssh = ['ssh', '-X', '-o', 'BatchMode=yes', 'anna@disp1', 'vdd', 'channel', 'tell', id, 'view']
    as('anna', 'term1', ...ssh).catch(() => {})
    await expect.poll(() => ground.shown('term1')).toBe(picture)
    await expect.poll(async () => (await state())?.terminal.display).toEqual(expect.any(String))
    onTestFinished(() => lab.run('restart', 'term1', 'Xvfb').then(() => {}))
    process.kill(await lab.pid('term1', 'Xvfb'), 'SIGKILL')
    await unseen()
    expect(await lab.running('a')).toContain('web1')
    await lab.run('restart', 'term1', 'Xvfb')
  })

  it('goes on while libvirt is started again', async () => {
    const { id, picture } = await kept()
    const before = await brokers()
    await lab.run('restart', 'a', 'libvirtd')
    expect(await brokers()).toEqual(before)
    expect(await ground.shown('term1')).toBe(picture)
    expect(await state()).toMatchObject({ id, state: 'open' })
  })

  it('is told as lost where the host of its machine does not answer any more', async () => {
    const { id } = await kept()
    onTestFinished(() => lab.run('restart', 'a', 'sshd').then(() => {}))
    process.kill(await lab.pid('a', 'sshd'), 'SIGKILL')
    await lab.on('a', 'sh', '-c', "kill -KILL $(ps -e -o pid=,args= | awk '/sshd: roo[t]/ { print $1 }')")
    await expect.poll(async () => (await state())?.trouble, { timeout: 120_000 }).toMatch(/\w/)
    expect(await state()).toMatchObject({ id })
    await expect.poll(left, { timeout: 300_000 }).toEqual(nothing)
    await lab.run('restart', 'a', 'sshd')
    const history = ['sudo', '-u', 'vdd-desk', 'vdd', 'session', 'history', '--json']
    const ends = JSON.parse(await lab.on('disp1', ...history)) as { channel: string; how: string }[]
    expect(ends.find((one) => one.channel === id)).toMatchObject({ how: 'lost' })
  })

  it('is shown to an operator by a configuration of their own, without the broker', async () => {
    const write = (text: string, to: string) => lab.onWith(text, 'disp1', 'lab-as', 'bruno', 'sh', '-c', to)
    await write(ground.own('keys/operator'), 'umask 077 && cat > operator')
    await write(ground.own('ssh/known_hosts'), 'mkdir -p .ssh && cat >> .ssh/known_hosts')
    const host = '{name: a, address: 10.77.0.1, user: root, identityFile: ~/operator, roles: [hypervisor]}'
    await write(`cluster: lab\nhosts:\n  - ${host}\n`, 'cat > own.yaml')
    const vdd = ['ssh', '-X', '-o', 'BatchMode=yes', 'bruno@disp1', 'vdd', '--config', 'own.yaml']
    const opening = as('bruno', 'term1', ...vdd, 'display', 'open', 'web1', '--screen')
    const picture = await ground.wanted()
    await expect.poll(() => ground.shown('term1')).toBe(picture)
    await expect.poll(state).toMatchObject({ shows: 'screen', state: 'open', machine: { name: 'web1' } })
    expect(await brokers()).toEqual([])
    expect(await pids(/channel relay web1/)).toHaveLength(1)
    await as('bruno', 'disp1', 'vdd', 'channel', 'tell', (await state())?.id ?? '', 'close')
    // ssh goes on while there is a window.
    expect(await opening).toMatch(/^[a-z2-7]{6}: the screen of web1$/)
    await expect.poll(left).toEqual(nothing)
    await expect(as('bruno', 'term1', ...vdd, 'display', 'open', 'tick1', '--screen')).rejects.toThrow(
      'tick1 has no screen that listens',
    )
    expect(await windows()).toMatch(/0 children/)
    expect(await channels()).toEqual([])
  })
})
