import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { execa } from 'execa'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { describeLab, Lab } from './lab.ts'
import { Anna } from './people.ts'

/** Of a window that nothing else looks like: as ppmhist tells it, and how many pixels of it there are at least. */
const pink = { colour: '#c04070', row: /^\s*192\s+64\s+112\s+\S+\s+(\d+)/m, pixels: 40_000 }
const theirs = '/etc/vdd/vdd.yaml'

describeLab('what anna sees', () => {
  const lab = Lab.forThisFile('display')
  const anna = new Anna(lab)
  const running: ChildProcess[] = []

  afterEach(() => {
    for (const { pid, exitCode, signalCode } of running.splice(0))
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
  })

  /** The screen of an operator, elsewhere: the environment of a program there, and whether the window is seen on it. */
  async function operatorsScreen() {
    const folder = mkdtempSync(join(tmpdir(), 'vdd-operator-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const XAUTHORITY = join(folder, 'auth')
    const cookie = (await execa('mcookie')).stdout
    const know = (display: string) => execa('xauth', ['-q', '-f', XAUTHORITY, 'add', display, '.', cookie])
    await know(':0')
    const words = ['-screen', '0', '1024x768x24', '-nolisten', 'tcp', '-noreset', '-auth', XAUTHORITY]
    const server = spawn('Xvfb', ['-displayfd', '3', ...words], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    running.push(server)
    const [number] = await once(server.stdio[3] as Readable, 'data')
    const DISPLAY = `:${String(number).trim()}`
    await know(DISPLAY)
    const env = { ...process.env, ...lab.env, DISPLAY, XAUTHORITY }
    const histogram = 'xwd -silent -root | xwdtopnm -quiet | ppmhist -quiet -noheader'
    const sees = async () => {
      const { stdout } = await execa('sh', ['-c', histogram], { env })
      return Number(pink.row.exec(stdout)?.[1] ?? 0) > pink.pixels
    }
    // What was typed before in that line is left behind.
    const type = (text: string) => execa('xdotool', ['type', `\n${text}\n`], { env })
    return { env, sees, type }
  }

  /** Of an operator who has an account of their own there. */
  function config(): string {
    const own = join(lab.directory, 'oper.yaml')
    writeFileSync(own, readFileSync(lab.config, 'utf8').replace(/^( +)vdd: .*/m, '$&\n$1user: oper'))
    return own
  }

  /** `vdd session view` of an operator who has said yes to it. */
  function view(env: NodeJS.ProcessEnv, id: string, ...more: string[]) {
    const words = ['--config', config(), 'session', 'view', id, '--yes', ...more]
    const child = spawn(resolve('bin/vdd'), words, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    running.push(child)
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        said += text
      })
    const ended = once(child, 'close').then(([code]) => ({ code, said }))
    return { child, ended }
  }

  /** A desktop on which there is one window, in which she can type. */
  async function desktop(more: object = {}): Promise<string> {
    const { open } = await anna.open(more).hears('open')
    const xterm = `DISPLAY=:${open.display} XAUTHORITY=$(ls -d /run/vdd/*/${open.id}/auth /tmp/vdd-*/${open.id}/auth 2>/dev/null)`
    const words = `xterm -bg '${pink.colour}' -geometry 60x30+0+60 -e sh > /dev/null 2>&1 < /dev/null &`
    await anna.sh('disp1', `${xterm} setsid ${words}`)
    return open.id
  }

  const press = (key: string) => anna.on('term1', 'xdotool', 'key', key)
  const looked = async () => (await anna.channels())[0]?.looked
  /** She presses it until it has come of it; before there is a question it means nothing. */
  const pressUntil = async (key: string, isSo: () => Promise<boolean>) =>
    await expect
      .poll(async () => {
        await press(key)
        return await isSo()
      })
      .toBe(true)
  const agree = () => pressUntil('F2', async () => (await looked()) !== undefined)
  const programs = async () => (await anna.programs('disp1')).filter((one) => /X0tigervnc/.test(one))
  const ended = async () => {
    await expect.poll(looked).toBeUndefined()
    await expect.poll(programs).toEqual([])
    expect(await anna.sh('disp1', 'find /run/vdd /tmp/vdd-* -name looked 2>/dev/null || :')).toBe('')
  }
  /** Where somebody of the network could connect. */
  const listening = async () => (await lab.on('disp1', 'ss', '-Hltn')).split('\n').sort()
  const journal = async () =>
    await lab.on('disp1', 'runuser', '-u', 'vdd-desk', '--', 'vdd', 'events', '--since', '1h')

  it('is seen by an operator when she agrees by a key, on a desktop of each kind, and no longer than that', async () => {
    const { env, sees, type } = await operatorsScreen()
    for (const keep of [false, true]) {
      const id = await desktop({ keep })
      const before = await listening()
      const { child, ended: over } = view(env, id)
      await agree()
      await expect.poll(sees).toBe(true)
      expect(await looked()).toMatchObject({ by: 'oper', controls: false })
      expect((await lab.vdd('session', 'list')).stdout).toMatch(/anna .*looked at/)
      expect(await listening()).toEqual(before)
      // Who only looks types nothing, whatever the viewer sends.
      await type(`touch typed-${id}`)
      if (keep) child.kill('SIGKILL')
      else await press('ctrl+alt+End')
      await ended()
      await expect.poll(sees).toBe(false)
      expect(await over).toMatchObject(keep ? {} : { code: 0 })
      await expect(anna.on('disp1', 'test', '-e', `typed-${id}`)).rejects.toThrow()
      expect(await journal()).toMatch(
        new RegExp(
          `agreed to let oper look at the desktop of desk1 \\(${id}\\)[^]*is alone again .*\\(${id}\\): ${keep ? 'oper looks no more' : 'ended that oper looks'}`,
        ),
      )
      await anna.tell(id, 'close', '--insist')
    }
    // The broker saw the sudo of who asked.
    expect(await journal()).not.toContain('own program says')
  })

  it('is taken over where she agrees to that; it ends with her session', async () => {
    const { env, sees, type } = await operatorsScreen()
    const id = await desktop()
    const { ended: over } = view(env, id, '--control')
    await agree()
    await expect.poll(sees).toBe(true)
    await type(`touch typed-${id}`)
    await expect.poll(async () => await anna.sh('disp1', 'ls typed-* || :')).toBe(`typed-${id}`)
    await anna.tell(id, 'close', '--insist')
    expect(await over).toMatchObject({ code: 0 })
    await expect.poll(programs).toEqual([])
  })

  it('ends with her keeper, also when that is killed; it is written down', async () => {
    const { env, sees } = await operatorsScreen()
    const id = await desktop()
    const { ended: over } = view(env, id)
    await agree()
    await expect.poll(sees).toBe(true)
    const { keeper } = (await anna.channels())[0] as { keeper: { pid: number } }
    await lab.on('disp1', 'kill', '-KILL', String(keeper.pid))
    await expect.poll(sees).toBe(false)
    expect(await over).toMatchObject({ code: 0 })
    await expect.poll(programs).toEqual([])
    // The sign was a window of the keeper.
    await expect
      .poll(journal)
      .toMatch(
        new RegExp(
          `agreed to let oper look .*\\(${id}\\)[^]*is alone again .*\\(${id}\\): the channel ended`,
        ),
      )
    await anna.tell(id, 'close')
    expect((await journal()).match(new RegExp(`is alone again .*\\(${id}\\)`, 'g'))).toHaveLength(1)
  })

  it('is seen by nobody where she refuses, and where it is off', async () => {
    const { env, sees } = await operatorsScreen()
    const id = await desktop()
    const no = view(env, id)
    await pressUntil('Escape', async () => no.child.exitCode !== null)
    expect(await no.ended).toMatchObject({ code: 1, said: expect.stringContaining('the person said no') })
    const { DISPLAY: _, ...blind } = env
    const unseen = await view(blind, id).ended
    expect(unseen).toMatchObject({ code: 1, said: expect.stringContaining('no X display here') })
    await lab.on('disp1', 'sed', '-i', '/viewing/d', theirs)
    onTestFinished(async () => {
      await lab.on('disp1', 'sed', '-i', 's/^desk:$/desk:\\n  viewing: ask/', theirs)
    })
    const off = await view(env, id).ended
    expect(off).toMatchObject({ code: 1, said: expect.stringContaining('desk.viewing: ask') })
    expect(await sees()).toBe(false)
    await ended()
  })
})
