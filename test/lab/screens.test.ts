import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { describeLab } from './lab.ts'
import { nothing, ScreenGround } from './screen-ground.ts'

describeLab('the screen of a machine', () => {
  const ground = new ScreenGround()
  const { lab, as, channels, tell, windows, programs, left } = ground
  const children: ReturnType<typeof spawn>[] = []

  afterEach(() => {
    for (const { pid, exitCode } of children.splice(0))
      if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
  })

  it('is shown on a terminal as it is, told of, shown at another, and closed without a trace', async () => {
    await ground.given('old')
    const { open: said } = await ground.open('old', 'web1', { keep: true }).hears('open')
    const picture = await ground.wanted()
    await expect.poll(() => ground.shown('term1')).toBe(picture)
    expect(await channels()).toEqual([
      expect.objectContaining({
        fate: 'alive',
        said: expect.objectContaining({ shows: 'screen', state: 'open' }),
      }),
    ])
    expect((await channels())[0]?.said).not.toHaveProperty('display')
    // 22 is sshd's; 6010 and on, on loopback, is what it forwards for the terminal. What goes out goes to an sshd.
    const listening = (await lab.on('disp1', 'ss', '-Hltn')).split('\n').map((line) => line.split(/\s+/)[3])
    expect(listening.filter((one) => !/:22$|^(127\.0\.0\.1|\[::1\]):60\d\d$/.test(one ?? ''))).toEqual([])
    const peers = (await lab.on('disp1', 'ss', '-Htn'))
      .split('\n')
      .filter((line) => !/127\.0\.0\.1|::1/.test(line))
    expect(peers.some((line) => line.includes('10.77.0.1:22'))).toBe(true)
    for (const peer of peers) expect(peer).toMatch(/:22\s*$|:22\s+\S+\s*$/)
    // The viewer has it: no other one can come.
    expect(
      await lab.on('disp1', 'sh', '-c', 'ls /tmp/vdd-7801/*/ /run/vdd/7801/*/ 2>/dev/null || :'),
    ).not.toMatch(/screen\d/)

    await tell(said.id, 'say', 'In five minutes')
    await as('anna', 'term1', 'xdotool', 'key', 'space')
    await expect.poll(async () => (await channels())[0]?.said.message?.seenAt).toEqual(expect.any(Number))
    await tell(said.id, 'lower')
    await tell(said.id, 'raise')
    await tell(said.id, 'hide')
    await expect.poll(() => windows()).toMatch(/0 children/)
    expect((await channels())[0]?.said.terminal).toEqual({ name: 'term1' })
    await expect.poll(async () => (await programs()).filter((one) => /broker/.test(one))).toEqual([])

    const ssh = ['ssh', '-X', '-o', 'BatchMode=yes', 'anna@disp1', 'vdd', 'channel', 'tell', said.id, 'view']
    const view = as('anna', 'term2', ...ssh)
    view.catch(() => {})
    await expect.poll(() => ground.shown('term2')).toBe(picture)
    await expect
      .poll(async () => (await channels())[0]?.said)
      .toMatchObject({ terminal: { name: 'term2' }, resumedAt: expect.any(Number) })
    await tell(said.id, 'close')
    await expect.poll(left).toEqual(nothing)
    await expect.poll(() => windows('term2')).toMatch(/0 children/)
    expect(await lab.running('a')).toContain('web1')
  })

  it('follows its machine to another host, and ends when that is switched off', async () => {
    await ground.given('old')
    const { open: said } = await ground.open('old', 'web1', { keep: true }).hears('open')
    await expect.poll(() => ground.shown('term1')).toBe(await ground.wanted())
    const migrate = ['virsh', 'migrate', '--live', '--unsafe', '--persistent', '--undefinesource', 'web1']
    await lab.on('a', ...migrate, 'qemu+ssh://root@10.77.0.2/system')
    onTestFinished(async () => {
      await lab.on('b', 'sh', '-c', 'virsh start web1 2> /dev/null || :')
      await lab.on('b', ...migrate, 'qemu+ssh://root@10.77.0.1/system')
    })
    await expect.poll(async () => (await lab.on('disp1', 'ss', '-Htn')).includes('10.77.0.2:22')).toBe(true)
    await expect.poll(() => ground.shown('term1')).toBe(await ground.wanted('b'))
    expect((await channels()).map((one) => one.said.id)).toEqual([said.id])
    await lab.on('b', 'virsh', 'destroy', 'web1')
    await expect.poll(channels, { timeout: 120_000 }).toEqual([])
  })

  it('that is not kept ends with its terminal’s viewer, and cannot be taken elsewhere', async () => {
    await ground.given('passing')
    const { open: said } = await ground.open('passing', 'web1').hears('open')
    await expect(tell(said.id, 'hide')).rejects.toThrow('lives on its terminal')
    await lab.on('disp1', 'pkill', '-u', 'anna', 'vncviewer')
    await expect.poll(channels).toEqual([])
  })

  it('goes with its keeper, when that is killed', async () => {
    await ground.given('old')
    const { open: said } = await ground.open('old', 'web1', { keep: true }).hears('open')
    await lab.on('disp1', 'kill', '-KILL', String(said.keeper.pid))
    await expect.poll(programs).toEqual([])
    expect((await channels()).map(({ fate }) => fate)).toEqual(['dead'])
  })

  it.each([
    ['has none', 'blind', 'tick1', {}, 'no-screen'],
    ['asks for a password', 'sealed', 'sealed', {}, 'screen-locked'],
    ['is in a system that shows sessions', 'office', 'desk1', {}, 'not-for-you'],
    ['is of a machine of another system', 'old', 'tick1', {}, 'not-for-you'],
    ['is of a machine that nobody was given', 'nothing', 'db1', {}, 'not-for-you'],
    ['is wanted without a terminal', 'old', 'web1', { DISPLAY: '' }, 'no-display'],
    ['is wanted with a wrong cookie', 'old', 'web1', { XAUTHORITY: '/dev/null' }, 'display-refused'],
    ['has no viewer', 'old', 'web1', { PATH: '/var/tmp/few' }, 'no-server'],
  ] as const)('is told of where it %s', async (_what, system, machine, env, kind) => {
    if (system !== 'nothing') await ground.given(system)
    // All programs but the viewers.
    const few = 'mkdir -p few; ln -sf $(ls -d /usr/local/bin/* /usr/bin/* | grep -v viewer) few'
    await lab.on('disp1', 'sh', '-c', `cd /var/tmp && ${few}`)
    const { failed } = await ground.open(system, machine, {}, env).hears('failed')
    expect(failed).toMatchObject({ kind, reason: expect.stringMatching(/\w/) })
  })

  it('is nobody’s who was not given its machine, and the broker relays one and nothing else', async () => {
    const screen = { ask: 'screen', system: 'old', machine: 'web1' }
    await ground.given('old')
    // Anna's hold keeps the machine from bruno.
    expect(await ground.asked('bruno', { ask: 'machine', system: 'old' }, screen)).toMatchObject([
      { no: 'none-free' },
      { no: 'not-for-you' },
    ])
    const refused = [
      { ...screen, host: 'a' },
      { ...screen, port: 22 },
      { ...screen, machine: '../web1' },
    ]
    for (const one of refused)
      expect(['malformed', 'not-for-you']).toContain((await ground.asked('anna', one))[0]?.no)
    // What comes behind is for the guest's own VNC server, which takes it for nothing.
    expect(
      await ground.asked('anna', screen, { ask: 'systems' }, { ask: 'machine', system: 'office' }),
    ).toEqual([{ n: 0, last: true, screen: 'vnc' }])
  })

  it('is chosen in the desk by a key, led back from, and closed there', async () => {
    const press = (...keys: string[]) => as('anna', 'term1', 'xdotool', 'key', ...keys)
    const desk = ['ssh', '-X', '-t', 'anna@disp1', 'vdd', 'desk', '--lang', 'en']
    children.push(
      spawn(
        resolve('lab/lab'),
        ['shell', 'term1', 'lab-as', 'anna', 'xterm', '-geometry', '80x24+0+0', '-e', ...desk],
        { env: { ...process.env, ...lab.env }, stdio: 'ignore', detached: true },
      ),
    )
    await expect.poll(() => windows()).toMatch(/xterm|vdd|ssh/i)
    await as('anna', 'term1', 'xdotool', 'mousemove', '100', '100')
    const state = async () => (await channels())[0]?.said.state
    await expect
      .poll(async () => {
        if (!(await channels()).length) await press('1')
        return await state()
      })
      .toBe('open')
    const [opened] = await channels()
    const picture = await ground.wanted()
    await expect.poll(() => ground.shown('term1')).toBe(picture)
    await press('ctrl+alt+Home')
    await expect.poll(() => ground.shown('term1')).not.toBe(picture)
    await press('c')
    await expect
      .poll(async () => {
        await press('1')
        return (await channels()).length
      })
      .toBe(0)
    const history = ['sudo', '-u', 'vdd-desk', 'vdd', 'session', 'history', '--json']
    await expect
      .poll(async () => JSON.parse(await lab.on('disp1', ...history)))
      .toContainEqual(
        expect.objectContaining({
          channel: opened?.said.id,
          session: 'screen',
          system: 'old',
          how: 'closed',
        }),
      )
  })
})
