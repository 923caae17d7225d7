import { afterEach, expect, it, onTestFinished } from 'vitest'
import { type DisplaySight, sightSchema } from '../../src/services/display/sight.ts'
import { describeLab, Lab } from './lab.ts'
import { Opening } from './opening.ts'

describeLab('a display channel', () => {
  const lab = Lab.forThisFile('display')
  const openings: Opening[] = []

  const anna = (host: string, ...argv: string[]) => lab.on(host, 'lab-as', 'anna', ...argv)
  const windows = (terminal = 'term1') => anna(terminal, 'xwininfo', '-root', '-tree')
  const sight = async (): Promise<DisplaySight> =>
    sightSchema.parse(JSON.parse(await anna('disp1', 'vdd', 'channel', 'facts')))
  const channels = async () => (await sight()).channels
  const tell = (id: string, ...order: string[]) => anna('disp1', 'vdd', 'channel', 'tell', id, ...order)
  // Debian's Xsession starts it; it looks every ten seconds whether its session has ended.
  const lingering = 'ssh-agent'
  const programs = async (host: string) =>
    (await lab.on(host, 'ps', '-u', 'anna', '-o', 'comm=').catch(() => ''))
      .split('\n')
      .filter((one) => one && one !== lingering)
  const left = async () => ({
    programs: [...(await programs('disp1')), ...(await programs('desk1')), ...(await programs('desk2'))],
    sockets: await lab.on('disp1', 'ls', '/tmp/.X11-unix'),
    files: await lab.on(
      'disp1',
      'sh',
      '-c',
      'find /run/vdd /tmp/vdd-* -mindepth 1 ! -type d 2>/dev/null || :',
    ),
  })

  function open(wish: object, terminal = 'term1', env: Readonly<Record<string, string>> = {}): Opening {
    const opening = new Opening(lab, terminal, 'anna', wish, env)
    openings.push(opening)
    return opening
  }
  const desk = (name: 'desk1' | 'desk2', more: object = {}) => ({
    machine: { name },
    session: 'openbox',
    ...more,
  })

  afterEach(async () => {
    for (const { said } of await channels()) await tell(said.id, 'close', '--insist')
    for (const opening of openings.splice(0)) opening.kill()
    // Whatever a test did, the next one finds nothing of it.
    await expect.poll(left).toEqual({ programs: [], sockets: '', files: '' })
  })

  it('shows a session of a machine on a terminal, tells of it, and leaves nothing when it is closed', async () => {
    const { open: said } = await open(desk('desk1', { size: { width: 640, height: 480 } })).hears('open')
    expect(await windows()).toMatch(new RegExp(`"desk1 \\(${said.id}\\)".* 640x480`))
    expect(await anna('disp1', 'sh', '-c', `ps -u anna -o args= | grep -c [X]ephyr`)).toBe('1')
    expect(await programs('desk1')).toContain('openbox')
    const { channels: all, others } = await sight()
    const [seen] = all
    // It is not told twice.
    expect(others).toEqual([])
    expect(seen).toMatchObject({
      user: 'anna',
      fate: 'alive',
      said: { id: said.id, state: 'open', terminal: { name: 'term1' }, machine: { name: 'desk1' } },
    })
    // The server counts neither itself nor the keeper as a client.
    await anna('desk1', 'pgrep', '-x', 'openbox')
    await tell(said.id, 'close')
    await expect.poll(left).toEqual({ programs: [], sockets: '', files: '' })
    expect(await windows()).toMatch(/0 children/)
  })

  it('listens nowhere but on unix sockets, and goes nowhere but through ssh', async () => {
    await open(desk('desk1')).hears('open')
    await open(desk('desk2', { keep: true })).hears('open')
    const listening = (await lab.on('disp1', 'ss', '-Hltn')).split('\n').map((line) => line.split(/\s+/)[3])
    // 22 is sshd's; 6010 and on, on loopback, is what it forwards for the terminal.
    expect(listening.filter((one) => !/:22$|^(127\.0\.0\.1|\[::1\]):60\d\d$/.test(one ?? ''))).toEqual([])
    const peers = (await lab.on('disp1', 'ss', '-Htn'))
      .split('\n')
      .filter((line) => !/127\.0\.0\.1|::1/.test(line))
    expect(peers.length).toBeGreaterThan(0)
    for (const peer of peers) expect(peer).toMatch(/:22\s*$|:22\s+\S+\s*$/)
    // Nobody else may enter where the cookies are.
    await expect(
      lab.on('disp1', 'lab-as', 'bruno', 'sh', '-c', 'ls /run/vdd/*/*/ /tmp/vdd-*/*/'),
    ).rejects.toThrow()
  })

  it('outlives the one who asked for it, and can be closed from elsewhere', async () => {
    const opening = open(desk('desk1', { keep: true }))
    const { open: said } = await opening.hears('open')
    opening.kill()
    await expect.poll(() => programs('disp1')).not.toContain('sshd')
    expect((await channels()).map(({ fate }) => fate)).toEqual(['alive'])
    expect(await programs('desk1')).toContain('openbox')
    await lab.on(
      'disp1',
      'lab-as',
      'oper',
      'sudo',
      '-n',
      '-u',
      'anna',
      '/usr/local/bin/vdd',
      'channel',
      'tell',
      said.id,
      'close',
    )
    await expect.poll(left).toEqual({ programs: [], sockets: '', files: '' })
  })

  it('is told of by a console elsewhere, which closes it by the rights of an operator', async () => {
    const { open: said } = await open(desk('desk1')).hears('open')
    const listed = async () => JSON.parse((await lab.vdd('display', 'list', '--json')).stdout)
    expect(await listed()).toEqual([
      expect.objectContaining({
        user: 'anna',
        channel: expect.objectContaining({ id: said.id, terminal: 'term1', machine: 'desk1', state: 'open' }),
      }),
    ])
    expect(
      (await lab.vdd('session', 'message', said.id, '--text', 'In five minutes', '--yes')).exitCode,
    ).toBe(0)
    expect((await channels())[0]?.said.message).toMatchObject({ at: expect.any(Number) })
    // It is read back until it is so, and so it is on the terminal.
    const resized = await lab.vdd('display', 'resize', said.id, '--to', '800x600', '--yes')
    expect([resized.stderr, resized.exitCode]).toEqual([expect.any(String), 0])
    expect((await channels())[0]?.said).toMatchObject({
      fullScreen: false,
      size: { width: 800, height: 600 },
    })
    expect(await windows()).toMatch(/"desk1 \(.*\)".* 800x600/)
    const closed = await lab.vdd('display', 'close', said.id, '--yes')
    expect([closed.stderr, closed.exitCode]).toEqual([expect.any(String), 0])
    expect(await listed()).toEqual([])
    await expect.poll(left).toEqual({ programs: [], sockets: '', files: '' })
  })

  it('that is kept survives its terminal, and is shown at the next', async () => {
    const opening = open(desk('desk1', { keep: true }))
    const { open: said } = await opening.hears('open')
    onTestFinished(() => lab.run('restart', 'term1', 'Xvfb').then(() => {}))
    process.kill(await lab.pid('term1', 'Xvfb'), 'SIGKILL')
    const looked = async () => (await channels()).map((one) => one.said.terminal.display)
    await expect.poll(looked).toEqual([undefined])
    const ssh = ['lab-as', 'anna', 'ssh', '-X', '-o', 'BatchMode=yes', 'anna@disp1']
    const view = lab.on('term2', ...ssh, 'vdd', 'channel', 'tell', said.id, 'view')
    await expect.poll(() => windows('term2')).toMatch(/1024x768\+0\+0 .*\n/)
    await expect
      .poll(async () => (await channels())[0]?.said)
      .toMatchObject({ terminal: { name: 'term2' }, resumedAt: expect.any(Number) })
    expect(await programs('desk1')).toContain('openbox')
    // Whoever sits there next does not find it.
    await tell(said.id, 'hide')
    expect(await looked()).toEqual([undefined])
    await expect.poll(() => windows('term2')).toMatch(/0 children/)
    await tell(said.id, 'close')
    await view.catch(() => {})
  })

  it('goes with its keeper, when that is killed', async () => {
    const { open: said } = await open(desk('desk1')).hears('open')
    await lab.on('disp1', 'kill', '-KILL', String(said.keeper.pid))
    await expect.poll(async () => (await channels()).map(({ fate }) => fate)).toEqual(['dead'])
    await expect.poll(() => programs('desk1')).toEqual([])
    await tell(said.id, 'close')
  })

  it('asks which session where there are several', async () => {
    const opening = open({ machine: { name: 'desk2' } })
    expect((await opening.choices()).map(({ id }) => id).toSorted()).toEqual(['jwm', 'openbox'])
    opening.answer({ session: 'jwm' })
    expect((await opening.hears('open')).open.session).toMatchObject({ id: 'jwm' })
    expect(await programs('desk2')).toContain('jwm')
  })

  it.each([
    ['a machine that is not there', { machine: { name: 'desk9' }, session: 'openbox' }, {}, 'unreachable'],
    ['a session that is not there', { machine: { name: 'desk1' }, session: 'plasma' }, {}, 'no-session'],
    ['no terminal', desk('desk1'), { DISPLAY: '' }, 'no-display'],
    ['a display that is not there', desk('desk1'), { DISPLAY: ':77' }, 'display-refused'],
    ['a wrong cookie', desk('desk1'), { XAUTHORITY: '/dev/null' }, 'display-refused'],
    ['a wrong cookie, kept', desk('desk1', { keep: true }), { XAUTHORITY: '/dev/null' }, 'display-refused'],
  ] as const)('says what is wrong where there is %s, and leaves nothing', async (_what, wish, env, kind) => {
    const { failed } = await open(wish, 'term1', env).hears('failed')
    expect(failed).toMatchObject({
      kind,
      reason: expect.stringMatching(/\w/),
      reference: expect.stringMatching(/^[a-z2-7]{6}$/),
    })
  })
})
