import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { sightSchema } from '../../src/services/display/sight.ts'
import { describeLab, Lab } from './lab.ts'
import { Opening } from './opening.ts'

/** `old` shows the screen of `web1`, kept; `passing` the same, not kept; `blind` has no screen, that of `sealed` wants a password, `gone` is off. */
const config = `
cluster: lab
hosts:
  - {name: a, address: 10.77.0.1, user: root, roles: [hypervisor]}
  - {name: b, address: 10.77.0.2, user: root, roles: [hypervisor]}
desk:
  systems:
    - {name: old, title: Old programs, shows: screen, keep: true, machines: [web1]}
    - {name: passing, title: Passing, shows: screen, machines: [web1]}
    - {name: blind, title: Blind, shows: screen, machines: [tick1]}
    - {name: sealed, title: Sealed, shows: screen, machines: [sealed]}
    - {name: office, title: Office, machines: [{name: desk1, always: true}]}
`

describeLab('the screen of a machine', () => {
  const lab = Lab.forThisFile('display')
  const openings: Opening[] = []
  const children: ReturnType<typeof spawn>[] = []

  const as = (person: string, host: string, ...argv: string[]) => lab.on(host, 'lab-as', person, ...argv)
  const channels = async () =>
    sightSchema.parse(JSON.parse(await as('anna', 'disp1', 'vdd', 'channel', 'facts'))).channels
  const tell = (id: string, ...order: string[]) => as('anna', 'disp1', 'vdd', 'channel', 'tell', id, ...order)
  const windows = (terminal = 'term1') => as('anna', terminal, 'xwininfo', '-root', '-tree')

  beforeAll(async () => {
    await lab.run('up', 'virt')
    const own = (name: string) => readFileSync(join(lab.directory, 'virt', name), 'utf8')
    const write = (text: string, to: string) => lab.onWith(text, 'disp1', 'sh', '-c', to)
    await write(config, 'cat > /etc/vdd/vdd.yaml')
    const home = '/home/vdd-desk/.ssh'
    await write(own('keys/operator'), `cd ${home} && umask 077 && cat > id_ed25519 && chown vdd-desk: *`)
    await write(own('ssh/known_hosts'), `cat >> ${home}/known_hosts`)
    const sealed = (await lab.on('a', 'virsh', 'dumpxml', '--inactive', 'tick1'))
      .replace(/<uuid>.*<\/uuid>/, '')
      .replace('<name>tick1<', '<name>sealed<')
      .replace('</devices>', "<graphics type='vnc' autoport='yes' passwd='geheim'/></devices>")
    await lab.onWith(sealed, 'a', 'sh', '-c', 'cat > /tmp/sealed && virsh create /tmp/sealed')
  }, 900_000)

  /** What the broker answers to somebody, one request after the other. */
  async function asked(person: string, ...requests: object[]): Promise<Record<string, unknown>[]> {
    const input = requests.map((one, n) => `${JSON.stringify({ n, ...one })}\n`).join('')
    const broker = ['sudo', '-n', '-u', 'vdd-desk', '/usr/local/bin/vdd', 'desk-broker']
    const said = await lab.onWith(input, 'disp1', 'lab-as', person, ...broker)
    return said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .filter(({ last }) => last)
  }
  const given = async (system: string) =>
    expect(await asked('anna', { ask: 'machine', system })).toEqual([
      expect.objectContaining({ machine: expect.anything() }),
    ])

  function open(system: string, machine: string, more: object = {}, env = {}): Opening {
    const wish = { machine: { name: machine }, shows: 'screen', system, ...more }
    const opening = new Opening(lab, 'term1', 'anna', wish, env)
    openings.push(opening)
    return opening
  }

  /** The upper part of what the guest shows, above a cursor that may blink: as the hypervisor has it, and as the terminal does. */
  const part = 'pnmtoplainpnm | md5sum'
  const shown = async (terminal: string) => {
    const cut = 'pamcut -left 152 -top 184 -width 720 -height 150'
    return await lab.on(terminal, 'sh', '-c', `lab-photo | pngtopnm | ppmtopgm | ${cut} | ${part}`)
  }
  const wanted = async (host = 'a') => {
    await lab.on(host, 'virsh', 'screenshot', 'web1', '/tmp/shot')
    const cut = 'pamcut -left 0 -top 0 -width 720 -height 150'
    return await lab.on(host, 'sh', '-c', `pngtopnm /tmp/shot | ppmtopgm | ${cut} | ${part}`)
  }
  const programs = async () =>
    (await lab.on('disp1', 'ps', '-e', '-o', 'args='))
      .split('\n')
      .filter((one) => /desk-broker|vncviewer|channel keep/.test(one))
  const left = async () => ({
    programs: await programs(),
    files: await lab.on('disp1', 'sh', '-c', 'find /run/vdd /tmp/vdd-* -mindepth 2 2>/dev/null || :'),
    windows: /0 children/.test(await windows()),
  })
  const nothing = { programs: [], files: '', windows: true }

  afterEach(async () => {
    for (const { said } of await channels()) await tell(said.id, 'close', '--insist')
    for (const opening of openings.splice(0)) opening.kill()
    for (const { pid, exitCode } of children.splice(0))
      if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
    await expect.poll(left).toEqual(nothing)
  })

  it('is shown on a terminal as it is, told of, shown at another, and closed without a trace', async () => {
    await given('old')
    const { open: said } = await open('old', 'web1', { keep: true }).hears('open')
    const picture = await wanted()
    await expect.poll(() => shown('term1')).toBe(picture)
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
    await expect.poll(() => shown('term2')).toBe(picture)
    await expect
      .poll(async () => (await channels())[0]?.said)
      .toMatchObject({ terminal: { name: 'term2' }, resumedAt: expect.any(Number) })
    await tell(said.id, 'close')
    await expect.poll(left).toEqual(nothing)
    await expect.poll(() => windows('term2')).toMatch(/0 children/)
    expect(await lab.running('a')).toContain('web1')
  })

  it('follows its machine to another host, and ends when that is switched off', async () => {
    await given('old')
    const { open: said } = await open('old', 'web1', { keep: true }).hears('open')
    await expect.poll(() => shown('term1')).toBe(await wanted())
    const migrate = ['virsh', 'migrate', '--live', '--unsafe', '--persistent', '--undefinesource', 'web1']
    await lab.on('a', ...migrate, 'qemu+ssh://root@10.77.0.2/system')
    onTestFinished(async () => {
      await lab.on('b', 'sh', '-c', 'virsh start web1 2> /dev/null || :')
      await lab.on('b', ...migrate, 'qemu+ssh://root@10.77.0.1/system')
    })
    await expect.poll(async () => (await lab.on('disp1', 'ss', '-Htn')).includes('10.77.0.2:22')).toBe(true)
    await expect.poll(() => shown('term1')).toBe(await wanted('b'))
    expect((await channels()).map((one) => one.said.id)).toEqual([said.id])
    await lab.on('b', 'virsh', 'destroy', 'web1')
    await expect.poll(channels, { timeout: 120_000 }).toEqual([])
  })

  it('that is not kept ends with its terminal’s viewer, and cannot be taken elsewhere', async () => {
    await given('passing')
    const { open: said } = await open('passing', 'web1').hears('open')
    await expect(tell(said.id, 'hide')).rejects.toThrow('lives on its terminal')
    await lab.on('disp1', 'pkill', '-u', 'anna', 'vncviewer')
    await expect.poll(channels).toEqual([])
  })

  it('goes with its keeper, when that is killed', async () => {
    await given('old')
    const { open: said } = await open('old', 'web1', { keep: true }).hears('open')
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
    if (system !== 'nothing') await given(system)
    // All programs but the viewers.
    const few = 'mkdir -p few; ln -sf $(ls -d /usr/local/bin/* /usr/bin/* | grep -v viewer) few'
    await lab.on('disp1', 'sh', '-c', `cd /var/tmp && ${few}`)
    const { failed } = await open(system, machine, {}, env).hears('failed')
    expect(failed).toMatchObject({ kind, reason: expect.stringMatching(/\w/) })
  })

  it('is nobody’s who was not given its machine, and the broker relays one and nothing else', async () => {
    const screen = { ask: 'screen', system: 'old', machine: 'web1' }
    await given('old')
    // Anna's hold keeps the machine from bruno.
    expect(await asked('bruno', { ask: 'machine', system: 'old' }, screen)).toMatchObject([
      { no: 'none-free' },
      { no: 'not-for-you' },
    ])
    const refused = [
      { ...screen, host: 'a' },
      { ...screen, port: 22 },
      { ...screen, machine: '../web1' },
    ]
    for (const one of refused)
      expect(['malformed', 'not-for-you']).toContain((await asked('anna', one))[0]?.no)
    // What comes behind is for the guest's own VNC server, which takes it for nothing.
    expect(await asked('anna', screen, { ask: 'systems' }, { ask: 'machine', system: 'office' })).toEqual([
      { n: 0, last: true, screen: 'vnc' },
    ])
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
    const picture = await wanted()
    await expect.poll(() => shown('term1')).toBe(picture)
    await press('ctrl+alt+Home')
    await expect.poll(() => shown('term1')).not.toBe(picture)
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
