import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { sightSchema } from '../../src/services/display/sight.ts'
import { describeLab, Lab } from './lab.ts'
import { Opening } from './opening.ts'

describeLab('the sessions of people, by a console elsewhere', () => {
  const lab = Lab.forThisFile('display')
  const openings: Opening[] = []
  const logins: ChildProcessWithoutNullStreams[] = []

  const channels = async () =>
    sightSchema.parse(JSON.parse(await lab.on('disp1', 'lab-as', 'anna', 'vdd', 'channel', 'facts'))).channels
  const saidOf = async (id: string) => (await channels()).find(({ said }) => said.id === id)?.said
  const session = async (...words: string[]) => await lab.vdd('session', ...words)

  async function open(person: string, machine: string, terminal: string, more: object = {}): Promise<string> {
    const opening = new Opening(lab, terminal, person, {
      machine: { name: machine },
      session: 'openbox',
      ...more,
    })
    openings.push(opening)
    return (await opening.hears('open')).open.id
  }

  /** Anna comes by ssh from a terminal without X, and types. */
  function logIn(...command: string[]): { type(text: string): void; heard(): string } {
    const words = ['shell', 'term1', 'lab-as', 'anna', 'ssh', '-tt', 'anna@disp1', ...command]
    const child = spawn(resolve('lab/lab'), words, { env: { ...process.env, ...lab.env }, detached: true })
    logins.push(child)
    let heard = ''
    child.stdout.on('data', (data: Buffer) => {
      heard += data
    })
    return { type: (text) => child.stdin.write(text), heard: () => heard }
  }

  interface Listed {
    readonly name: string
    readonly kind: string
    readonly machine: string
    readonly terminal: string
  }
  const listed = async (): Promise<readonly Listed[]> => JSON.parse((await session('list', '--json')).stdout)

  afterEach(async () => {
    for (const { pid, exitCode } of logins.splice(0))
      if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL')
    for (const { user, said } of await channels())
      await lab.on('disp1', 'lab-as', user, 'vdd', 'channel', 'tell', said.id, 'close', '--insist')
    for (const opening of openings.splice(0)) opening.kill()
    await expect.poll(channels).toEqual([])
  })

  it('are told a message, all of a machine and nobody else', async () => {
    const here = [await open('anna', 'desk1', 'term1'), await open('bruno', 'desk1', 'term2')]
    const elsewhere = await open('anna', 'desk2', 'term1')
    const told = await session('message', '--machine', 'desk1', '--text', 'In five minutes', '--yes')
    expect([told.stderr, told.exitCode]).toEqual(['', 0])
    for (const id of here) expect((await saidOf(id))?.message).toMatchObject({ at: expect.any(Number) })
    expect((await saidOf(elsewhere))?.message).toBeUndefined()
  })

  it('are listed with what they cost, and ended', async () => {
    const id = await open('anna', 'desk1', 'term1')
    const listed = JSON.parse((await session('list', '--json')).stdout)
    expect(listed).toMatchObject([{ name: `anna/${id}`, machine: 'desk1', terminal: 'term1', state: 'open' }])
    // The keeper asks the machine at once what the person's programs cost there: openbox and what belongs to it.
    const memory = async () => JSON.parse((await session('list', '--json')).stdout)[0]?.memoryKiB
    await expect.poll(memory).toBeGreaterThan(1024)
    const { stderr, exitCode } = await session('end', id, '--yes')
    expect([stderr, exitCode]).toEqual([expect.stringContaining('unsaved work'), 0])
    expect(await saidOf(id)).toBeUndefined()
  })

  it('are locked by what their machine has for that, on their own display; else it is said that nothing does', async () => {
    const id = await open('anna', 'desk1', 'term1')
    const refused = await session('lock', id, '--yes')
    expect([refused.stderr, refused.exitCode]).toEqual([
      expect.stringContaining('nothing on its machine locks this desktop'),
      1,
    ])
    const locker = '/usr/local/bin/xscreensaver-command'
    const script = `#!/bin/sh\nxprop -root -format VDD_TEST 8s -set VDD_TEST "$*"\n`
    await lab.on('desk1', 'sh', '-c', `printf '%s' "$1" > ${locker}; chmod +x ${locker}`, 'sh', script)
    try {
      const locked = await session('lock', id, '--yes')
      expect([locked.stderr, locked.exitCode]).toEqual(['', 0])
      const { display } = (await saidOf(id)) ?? {}
      const authority = `$(find /run/vdd /tmp/vdd-* -path '*/${id}/auth' 2>/dev/null)`
      const asked = `XAUTHORITY=${authority} xprop -display :${display} -root VDD_TEST`
      expect(await lab.on('disp1', 'sh', '-c', asked)).toContain('"-lock"')
    } finally {
      await lab.on('desk1', 'rm', '-f', locker)
    }
  })

  it('move to another terminal of the same person, where they are kept', async () => {
    const kept = await open('anna', 'desk1', 'term1', { keep: true })
    const other = await open('anna', 'desk2', 'term2')
    const to = (await saidOf(other))?.terminal.display ?? ''
    const moved = await session('move', kept, '--to', to, '--yes')
    expect([moved.stderr, moved.exitCode]).toEqual([expect.any(String), 0])
    expect((await saidOf(kept))?.terminal).toEqual({ name: 'term2', display: to })
  })

  it('are those of terminals without X, too: told a message there, and ended', async () => {
    const login = logIn()
    await expect
      .poll(listed)
      .toMatchObject([
        { kind: 'text', user: 'anna', terminal: '10.78.0.21', machine: 'disp1', display: null },
      ])
    const [{ name } = { name: '' }] = await listed()
    const at = JSON.parse((await lab.vdd('terminal', 'list', '--json')).stdout)
    expect(at).toMatchObject([
      { name: '10.78.0.21', state: 'used', sessions: [{ kind: 'text', user: 'anna' }] },
    ])
    const asked = JSON.parse((await session('end', name, '--dry-run', '--json')).stdout)
    expect(asked.warnings).toContain('1 person is working on it: anna (10.78.0.21)')
    const told = await session('message', 'anna', '--text', 'In five minutes', '--yes')
    expect([told.stderr, told.exitCode]).toEqual(['', 0])
    await expect.poll(() => login.heard()).toMatch(/\*\*\* Message from \w+: In five minutes/)
    const ended = await session('end', name, '--yes')
    expect([ended.stderr, ended.exitCode]).toEqual([expect.stringContaining('unsaved work'), 0])
    expect(await listed()).toEqual([])
  })

  it('are on the machine to which the desk brings who has no X, and at the desk again when they are ended', async () => {
    const desk = logIn('vdd', 'desk')
    // The keys come when the menu is there: a press before it is one that nobody has seen.
    await expect
      .poll(async () => {
        desk.type('1')
        return (await listed()).map(({ kind, machine }) => [kind, machine])
      })
      .toEqual([['text', 'desk1']])
    const ended = await session('end', 'anna', '--yes')
    expect(ended.exitCode).toBe(0)
    await expect.poll(async () => (await listed()).map(({ machine }) => machine)).toEqual(['disp1'])
  })

  it('are told once of who came by ssh for a desktop', async () => {
    logIn('vdd', 'desk')
    await expect.poll(async () => (await listed()).map(({ kind }) => kind)).toEqual(['text'])
    const id = await open('anna', 'desk1', 'term1')
    await expect.poll(async () => (await listed()).map(({ name }) => name)).toEqual([`anna/${id}`])
  })
})
