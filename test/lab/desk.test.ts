import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { type SeenChannel, sightSchema } from '../../src/services/display/sight.ts'
import { describeLab, Lab } from './lab.ts'

describeLab('somebody at a terminal', () => {
  const lab = Lab.forThisFile('display')
  const children: ReturnType<typeof spawn>[] = []
  const anna = (host: string, ...argv: string[]) => lab.on(host, 'lab-as', 'anna', ...argv)
  const press = (...keys: string[]) => anna('term1', 'xdotool', 'key', ...keys)
  const channels = async (): Promise<readonly SeenChannel[]> =>
    sightSchema.parse(JSON.parse(await anna('disp1', 'vdd', 'channel', 'facts'))).channels
  const open = async () =>
    (await channels()).filter(({ said }) => said.state === 'open').map(({ said }) => said.machine.name)

  /** What the screen of the terminal is like from afar: its mean colour. */
  const colour = async (terminal = 'term1') => {
    const [, , , ...rgb] = (
      await lab.on(terminal, 'sh', '-c', 'lab-photo | pngtopnm | pamscale -xsize 1 -ysize 1 | pnmtoplainpnm')
    ).split(/\s+/)
    return rgb.slice(1).filter(Boolean).map(Number)
  }
  /** The whole screen in one colour; a pointer may stand on it. */
  const isFilledWith = (wanted: readonly number[], near = 4) => ({
    asymmetricMatch: (seen: readonly number[]) =>
      wanted.length === seen.length && wanted.every((value, i) => Math.abs(value - (seen[i] ?? 999)) <= near),
    toString: () => `about ${wanted.join(' ')}`,
  })
  /** Paints the root window of a session of a machine, by a program on that machine. */
  const paint = (machine: string, rgb: readonly number[]) =>
    anna(
      machine,
      'sh',
      '-c',
      `DISPLAY=localhost:10.0 xsetroot -solid '#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}'`,
    )

  /** What the broker has in its account, the oldest first. */
  const sessions = async (): Promise<unknown[]> =>
    JSON.parse(await lab.on('disp1', 'sudo', '-u', 'vdd-desk', 'vdd', 'session', 'history', '--json'))

  /** The desk in a terminal window, as `vdd desk client-script` starts it. */
  async function sitDown(...options: string[]): Promise<void> {
    const desk = ['ssh', '-X', '-t', 'anna@disp1', 'vdd', 'desk', ...options]
    const xterm = ['xterm', '-geometry', '80x24+0+0', '-e', ...desk]
    children.push(
      spawn(resolve('lab/lab'), ['shell', 'term1', 'lab-as', 'anna', ...xterm], {
        env: { ...process.env, ...lab.env },
        stdio: 'ignore',
        detached: true,
      }),
    )
    await expect.poll(() => anna('term1', 'xwininfo', '-root', '-tree')).toMatch(/xterm|vdd|ssh/i)
    // Without a window manager the window under the pointer has the keyboard.
    await anna('term1', 'xdotool', 'mousemove', '100', '100')
    await expect.poll(deskRuns).toBe(true)
  }
  const deskRuns = async () => / desk$/m.test(await lab.on('disp1', 'ps', '-u', 'anna', '-o', 'args='))

  afterEach(async () => {
    for (const { said } of await channels())
      await anna('disp1', 'vdd', 'channel', 'tell', said.id, 'close', '--insist')
    // One whose desk was killed has ended by itself.
    for (const { pid, exitCode } of children.splice(0))
      if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
  })

  it('chooses systems by keys, has them full screen, goes from one to the other and back, and closes them', async () => {
    await sitDown()
    const [red, green] = [
      [200, 40, 40],
      [40, 160, 80],
    ] as const
    // The keys come when the menu is there: a press before it is one that nobody has seen.
    await expect
      .poll(async () => {
        await press('1')
        return (await channels()).length > 0
      })
      .toBe(true)
    await expect
      .poll(async () => {
        if (!(await open()).length) await press('2')
        return await open()
      })
      .toEqual(['desk1'])
    await paint('desk1', red)
    await expect.poll(() => colour()).toEqual(isFilledWith(red))

    await press('ctrl+alt+Home')
    await expect.poll(() => colour()).not.toEqual(isFilledWith(red))
    // Back to the choices, where the second system is 2 as before. Not by Escape: with the next key it would be another one.
    await press('3')
    await expect
      .poll(async () => {
        if ((await channels()).length < 2) await press('2')
        return await open()
      })
      .toEqual(['desk1', 'desk2'])
    await paint('desk2', green)
    await expect.poll(() => colour()).toEqual(isFilledWith(green, 30))

    await press('ctrl+alt+Home')
    await expect.poll(() => colour()).not.toEqual(isFilledWith(green, 30))
    // Back to the choices again, and there the first that is open, which is counted after the two systems.
    await expect
      .poll(async () => {
        await press('3')
        return await colour()
      })
      .toEqual(isFilledWith(red))
    for (const { said } of await channels()) await anna('disp1', 'vdd', 'channel', 'tell', said.id, 'close')
    await expect.poll(open).toEqual([])
    await expect.poll(() => colour()).not.toEqual(isFilledWith(red))
    await expect.poll(sessions).toEqual(
      [
        { user: 'anna', terminal: 'term1', machine: 'desk1', system: 'office', how: 'closed' },
        { user: 'anna', terminal: 'term1', machine: 'desk2', system: 'school', how: 'closed' },
      ].map((one) => expect.objectContaining(one)),
    )
  })

  /** What the account has of how sessions ended, but those of the tests before. */
  const endings = async () => (await sessions()).map((one) => (one as { how: unknown }).how)

  it('loses a desktop with its keeper, which the desk says; the account has one end of it, by the desk or by the next keeper', async () => {
    await sitDown()
    const chosen = async () => {
      await press('2')
      return (await channels()).some(({ fate, said }) => fate === 'alive' && said.state === 'open')
    }
    const kill = async () => {
      const one = (await channels()).find(({ fate }) => fate === 'alive')
      await lab.on('disp1', 'kill', '-KILL', String(one?.said.keeper.pid))
      return one?.said.id
    }
    await expect.poll(chosen).toBe(true)
    // The file is there since the first of them.
    await expect.poll(async () => (await endings().catch(() => [])).at(-1)).toBe(null)
    const before = (await endings()).slice(0, -1)
    await kill()
    await expect.poll(endings).toEqual([...before, 'lost'])
    expect((await channels()).map(({ fate }) => fate)).toEqual(['dead'])

    // The next one takes away what is left. With the desk it is killed, too, and nobody looks.
    await expect.poll(chosen).toBe(true)
    await expect.poll(endings).toEqual([...before, 'lost', null])
    await lab.on('disp1', 'pkill', '-KILL', '-u', 'anna', '-f', ' desk$')
    await expect.poll(deskRuns).toBe(false)
    const id = await kill()
    expect(await endings()).toEqual([...before, 'lost', null])
    await sitDown()
    await expect.poll(chosen).toBe(true)
    await expect.poll(endings).toEqual([...before, 'lost', 'lost', null])
    expect((await channels()).map(({ said }) => said.id)).not.toContain(id)
  })

  it('whose desk is killed keeps the desktop that is open', async () => {
    await sitDown()
    await expect
      .poll(async () => {
        await press('2')
        return (await channels()).length > 0
      })
      .toBe(true)
    await expect.poll(open).toEqual(['desk2'])
    await lab.on('disp1', 'pkill', '-KILL', '-u', 'anna', '-f', ' desk$')
    await expect.poll(deskRuns).toBe(false)
    expect((await channels()).map(({ fate }) => fate)).toEqual(['alive'])
  })
})
