import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ClearX11, clearScript, forgetText } from '../../../src/services/display/keeper/clear-x11.ts'
import { cookieProtocol, newCookie } from '../../../src/services/display/x11/cookie.ts'
import { until } from '../../support/until.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-clear-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('X11 over TCP', () => {
  const cookie = newCookie()
  let heard = Buffer.alloc(0)
  let display: Server
  // Where no X server is, and below the ports that the kernel gives away; another process of these tests has another one.
  const number = 2_000 + (process.pid % 24_000)

  beforeEach(async () => {
    heard = Buffer.alloc(0)
    display = createServer((socket) =>
      socket.on('data', (bytes) => {
        heard = Buffer.concat([heard, bytes])
        socket.end('welcome')
      }),
    )
    display.listen(join(folder, 'X'))
    await once(display, 'listening')
  })
  afterEach(() => void display.close())

  async function listen(address = '127.0.0.2'): Promise<ClearX11> {
    const at = { number, cookie, authority: '' }
    const clear = await ClearX11.listen(address, at, join(folder, 'X'))
    onTestFinished(() => clear.end())
    return clear
  }
  const portOf = ({ name }: ClearX11) => 6000 + Number(name.split(':')[1])

  /** What comes to a client that shows this cookie. */
  async function show(one: Buffer, port: number): Promise<string> {
    const head = Buffer.from(
      `l\0\x0b\0\0\0${String.fromCharCode(cookieProtocol.length)}\0\x10\0\0\0`,
      'latin1',
    )
    const socket = connect(port, '127.0.0.2')
    socket.write(Buffer.concat([head, Buffer.from(`${cookieProtocol}\0\0`), one]))
    let answer = ''
    for await (const piece of socket) answer += piece
    return answer
  }
  const cookieOf = ({ authority }: ClearX11) => authority.subarray(-16)

  it('takes who shows the cookie of the session to the display, and nobody else: not who shows the one of the display', async () => {
    const clear = await listen()
    expect(await show(cookieOf(clear), portOf(clear))).toBe('welcome')
    expect(heard.subarray(-16).equals(cookie)).toBe(true)
    heard = Buffer.alloc(0)
    for (const wrong of [cookie, newCookie()]) expect(await show(wrong, portOf(clear))).toBe('')
    expect(heard.length).toBe(0)
  })

  it('is listened for on one address, and no longer than it is wanted', async () => {
    const clear = await listen()
    const refused = async (address: string) => once(connect(portOf(clear), address), 'connect')
    await expect(refused('127.0.0.1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    clear.end()
    await expect(refused('127.0.0.2')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('takes the next number where somebody listens on its own', async () => {
    const [first, second] = [await listen(), await listen()]
    expect([first.name, second.name]).toEqual([`127.0.0.2:${number}`, `127.0.0.2:${number + 1}`])
  })

  it('says that an address is not one of this machine', async () => {
    await expect(listen('192.0.2.1')).rejects.toMatchObject({
      kind: 'server-failed',
      message: expect.stringContaining('192.0.2.1'),
      advice: expect.stringContaining('x11OverTcp'),
    })
  })
})

describe('a session whose X11 goes over TCP', () => {
  const file = () => join(folder, 'vdd-x11-abcdef')
  function start(session: string) {
    const words = ['-c', clearScript, 'sh', '10.0.0.1:7', 'vdd-x11-abcdef', 'sh', '-c', session]
    const env = { PATH: process.env.PATH, HOME: folder }
    const child = spawn('sh', words, { env, detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end('the cookie')
    return child
  }

  it('has the cookie in a file of its own, which goes with it, and the status of the session', async () => {
    const child = start(
      'echo "$DISPLAY $XAUTHORITY"; cat "$XAUTHORITY"; stat -c " %a" "$XAUTHORITY"; umask; cat; exit 3',
    )
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    expect(await once(child, 'close')).toEqual([3, null])
    const mask = process.umask().toString(8).padStart(4, '0')
    expect(said).toBe(`10.0.0.1:7 ${file()}\nthe cookie 600\n${mask}\n`)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)('leaves none when all of it is ended by %s', async (signal) => {
    const child = start('echo runs; exec sleep 100')
    await once(child.stdout, 'data')
    process.kill(-(child.pid ?? 0), signal)
    await once(child, 'close')
    expect(existsSync(file())).toBe(false)
  })

  it('leaves one where it was killed, which is then taken away', async () => {
    const child = start('echo runs; exec sleep 100')
    await once(child.stdout, 'data')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await once(child, 'close')
    expect(readFileSync(file(), 'utf8')).toBe('the cookie')
    const forgets = spawn('sh', ['-c', forgetText('vdd-x11-abcdef')], {
      env: { PATH: process.env.PATH, HOME: folder },
    })
    await once(forgets, 'close')
    await until('it is gone', () => !existsSync(file()))
  })
})
