import { resolve } from 'node:path'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { type SeenChannel, sightSchema } from '../../src/services/display/sight.ts'
import { TerminalUnderTest } from '../support/terminal.ts'
import { until } from '../support/until.ts'
import { describeLab, Lab } from './lab.ts'

/** The ground of the machine's desktop (lab/desktop/autostart), and of its terminal window. */
const [ground, paper] = ['46 139 87', '255 255 255']

describeLab('a machine that somebody works on, on two hypervisors', () => {
  const lab = Lab.forThisFile('desktop')
  const anna = (host: string, ...argv: string[]) => lab.on(host, 'lab-as', 'anna', ...argv)
  /** On the machine, in her home. */
  const there = async (command: string) =>
    (await lab.on('pc1', 'runuser', '-u', 'anna', '--', 'sh', '-c', `cd && ${command}`)).trim()
  const channels = async (): Promise<readonly SeenChannel[]> =>
    sightSchema.parse(JSON.parse(await anna('disp1', 'vdd', 'channel', 'facts'))).channels
  const open = async () =>
    (await channels()).filter(({ said }) => said.state === 'open').map(({ said }) => said.machine.name)
  const rows = async (noun: 'machine' | 'display'): Promise<Record<string, unknown>[]> =>
    JSON.parse((await lab.vdd(noun, 'list', '--json')).stdout)
  const pc1 = async () => (await rows('machine')).find(({ name }) => name === 'pc1')
  /** Cuts its power, wherever it is. */
  const destroy = async () => {
    for (const host of ['a', 'b'])
      if ((await lab.running(host)).includes('pc1')) await lab.on(host, 'virsh', 'destroy', 'pc1')
  }
  const sessions = async (): Promise<unknown[]> =>
    JSON.parse(await lab.on('disp1', 'sudo', '-u', 'vdd-desk', 'vdd', 'session', 'history', '--json'))

  /** How many pixels of the terminal's screen are of a colour, as shares of all. */
  async function shares(): Promise<(colour: string) => number> {
    const lines = (await lab.on('term1', 'sh', '-c', 'lab-photo | pngtopnm | ppmhist -noheader'))
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
    const all = lines.reduce((sum, line) => sum + (line[4] ?? 0), 0)
    return (colour) => (lines.find((line) => line.slice(0, 3).join(' ') === colour)?.[4] ?? 0) / all
  }
  const picture = async () => await lab.on('term1', 'sh', '-c', 'lab-photo | sha256sum')

  /** The desk, by ssh from the terminal; her desktops come to the screen there. */
  function sitDown(): TerminalUnderTest {
    const desk = ['lab-as', 'anna', 'ssh', '-X', '-t', 'anna@disp1', 'vdd', 'desk', '--lang', 'en']
    const { NO_COLOR: _, ...inherited } = process.env as Record<string, string>
    const env = { ...inherited, ...lab.env, TERM: 'xterm' }
    const terminal = new TerminalUnderTest(resolve('lab/lab'), ['shell', 'term1', ...desk], { env })
    onTestFinished(() => terminal.close())
    return terminal
  }

  afterEach(destroy)

  it('is started by the broker, moves on while she works, and takes her desktop with it when it is destroyed', async () => {
    // She is told of a machine that has gone after half a minute and not after two, as a site may wish.
    const impatient = 'ServerAliveInterval 5\nServerAliveCountMax 6\n'
    await anna('disp1', 'sh', '-c', `printf '${impatient}' >> .ssh/config`)
    expect(await pc1()).toMatchObject({ host: 'a', state: 'shut off' })

    const desk = sitDown()
    await desk.until(/3 +Reading room +switched off/)
    desk.press('3')
    await desk.until('Waiting until it is ready')
    await expect.poll(open).toEqual(['pc1'])
    expect(await pc1()).toMatchObject({ host: 'a', state: 'running' })

    // Her desktop, on the terminal's screen: its ground, and a terminal window in which she can type.
    await expect.poll(async () => (await shares())(ground)).toBeGreaterThan(0.5)
    await expect.poll(async () => (await shares())(paper)).toBeGreaterThan(0.05)
    await anna('term1', 'xdotool', 'mousemove', '200', '120', 'click', '1')
    await anna('term1', 'xdotool', 'type', 'while sleep 0.2; do date +%s%N > now; done &\n')
    await expect.poll(() => there('cat now')).toMatch(/^\d+$/)

    const standing = async () => ({
      boot: await there('cat /proc/sys/kernel/random/boot_id'),
      // The loop starts others all the time.
      programs: await there('ps -u anna -o pid=,comm= | grep -E "openbox|xterm|bash"'),
      keeper: (await channels()).map(({ said }) => [said.id, said.keeper, said.server]),
      line: await lab.on('disp1', 'sh', '-c', 'ss -Htn dst 10.78.0.51 | tr -s " " | cut -d " " -f 1,4,5'),
    })
    const before = await until('what she has', standing)
    expect(before.programs).toMatch(/openbox[\s\S]*xterm/)
    expect(before.line).toMatch(/^ESTAB \S+ 10\.78\.0\.51:22$/)

    const moved = await lab.vdd('machine', 'migrate', 'pc1', '--to', 'b', '--yes')
    expect(moved).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('done') })
    expect(`${moved.stdout}${moved.stderr}`).toMatch(/1 person .*it: anna \(term1\)/)

    expect(await lab.running('b')).toContain('pc1')
    expect(await pc1()).toMatchObject({ host: 'b', state: 'running' })
    expect(await rows('display')).toMatchObject([
      { user: 'anna', channel: { machine: 'pc1', state: 'open', fate: 'alive', trouble: null } },
    ])
    // The lab's own ssh is asked again where the machine is too busy for it.
    await expect.poll(standing).toEqual(before)
    const now = await until('the loop', () => there('cat now'))
    await expect.poll(() => there('cat now')).not.toBe(now)
    // It draws, and keys arrive.
    const drawn = await picture()
    await expect.poll(picture).not.toBe(drawn)
    await anna('term1', 'xdotool', 'type', 'echo still here > told\n')
    await expect.poll(() => there('cat told')).toBe('still here')

    await destroy()
    await desk.until('Your desktop has ended, and nobody had closed it.')
    expect(await channels()).toEqual([])
    const left = async () => [
      await lab.on('disp1', 'sh', '-c', 'ps -u anna -o comm= | grep -E "X|keep" || :'),
      await lab.on('disp1', 'ls', '/tmp/.X11-unix'),
    ]
    await expect.poll(left).toEqual(['', ''])
    await desk.until(/Reading room +switched off/)
    expect(await pc1()).toMatchObject({ host: 'b', state: 'shut off' })
    await expect
      .poll(sessions)
      .toMatchObject([{ user: 'anna', terminal: 'term1', machine: 'pc1', system: 'reading', how: 'lost' }])
  })

  it('is not waited for when it goes off before it is ready', async () => {
    const desk = sitDown()
    await desk.until(/3 +Reading room +switched off/)
    desk.press('3')
    await desk.until('Waiting until it is ready')
    await destroy()
    await desk.until('The computer was switched on, but it does not answer.')
    const told = await lab.on('disp1', 'sudo', '-u', 'vdd-desk', 'vdd', 'events', '--last', '3')
    expect(told).toContain('pc1: it is off again')
  })
})
