import { type IPty, spawn } from 'node-pty'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { Home, noSshd, type Sshd } from './support/sshd.ts'

const script = new URL('./support/terminal.ts', import.meta.url).pathname
const size = 'stty size; stty -a | grep -o -- "-*icanon"'

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}

describe.skipIf(noSshd)(`terminal, under a real pty${noSshd ? ` (${noSshd})` : ''}`, () => {
  let home: Home
  let sshd: Sshd
  let pty: IPty | undefined
  beforeAll(async () => {
    home = new Home()
    sshd = home.server('sshd')
    await sshd.start()
    home.know(sshd.known())
  })
  afterEach(() => {
    if (pty) end(pty.pid)
    pty = undefined
  })
  afterAll(async () => {
    await sshd.stop()
    home.remove()
  })

  /** Starts the script and returns what has appeared on its terminal so far. */
  function open(argv: string[], ssh: boolean): () => string {
    const settings = ssh && { name: 'fe1', address: '127.0.0.1', port: sshd.port }
    const asked = JSON.stringify({ settings, surroundings: home.surroundings, argv })
    const opened = spawn(process.execPath, [script, asked], { cols: 91, rows: 33, name: 'vt100' })
    let screen = ''
    opened.onData((text) => {
      screen += text
    })
    opened.onExit(() => {
      if (pty === opened) pty = undefined
    })
    pty = opened
    return () => screen
  }

  const shows = (screen: () => string, text: string) =>
    until(`the screen to show ${text}`, () => screen().includes(text))

  it.each([
    ['ssh', true],
    ['the local host', false],
  ])(
    'gives a command over %s a terminal of the same size, in line mode, and takes it back raw',
    async (_, ssh) => {
      const screen = open(['sh', '-c', `${size}; read line; echo "got $line"; exit 7`], ssh)
      await shows(screen, 'icanon')
      expect(screen()).toContain('33 91')
      expect(screen()).not.toContain('-icanon')
      pty?.write('hello\r')
      await shows(screen, 'got hello')
      await shows(screen, 'code=7 raw=true')
    },
  )

  it('passes control keys to the command over ssh and not to the console', async () => {
    const screen = open(
      ['sh', '-c', 'trap "echo caught; exit 5" INT; echo ready; while :; do sleep 0.05; done'],
      true,
    )
    await shows(screen, 'ready')
    pty?.write('\u0003')
    await shows(screen, 'caught')
    await shows(screen, 'code=5 raw=true')
  })

  it('tells the command over ssh when the window changes', async () => {
    const screen = open(
      ['sh', '-c', 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done'],
      true,
    )
    await shows(screen, 'ready')
    pty?.resize(100, 40)
    await shows(screen, '40 100')
    await shows(screen, 'code=0')
  })

  it('gives the terminal back when the connection is lost', async () => {
    const screen = open(['sh', '-c', 'echo ready; sleep 1000'], true)
    await shows(screen, 'ready')
    await sshd.stop()
    await shows(screen, 'error=fe1: ')
    await shows(screen, 'raw=true')
    await sshd.start()
  })
})
