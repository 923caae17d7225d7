import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { ProcessMark } from '../channel.ts'
import { markOf } from '../here/process-mark.ts'
import type { WishedSize } from '../opening.ts'
import { ChannelFailure } from './failure.ts'

/** An X server of ours that has told its number. */
export interface XServer {
  readonly program: 'Xephyr'
  readonly mark: ProcessMark
  readonly display: number
  /** settles when it has ended, with its last words */
  readonly ended: Promise<string>
  /** ends it: politely, and for sure a moment later */
  end(): void
}

interface XephyrOptions {
  /** the file with its cookie */
  readonly authority: string
  /** by what its window is found: its class */
  readonly name: string
  readonly title: string
  readonly size: WishedSize
  /** of the person: where its own window is to be (DISPLAY, XAUTHORITY) */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Milliseconds until it has told its number; 0.2 s were measured (docs/internals/displays.md, "Xephyr"). */
const startTimeout = 15_000
/** Milliseconds between SIGTERM and SIGKILL. */
const grace = 2000
/** Characters of its last words. */
const mostWords = 2000

/** The words for Xephyr(1). The server tells its number on descriptor 3: no two can choose the same. */
export function xephyrWords({ authority, name, title, size }: Omit<XephyrOptions, 'env'>): string[] {
  const shape = size === 'full' ? ['-fullscreen'] : ['-screen', `${size.width}x${size.height}`]
  const window = ['-title', title, '-name', name, '-resizeable', '-no-host-grab']
  // Only through its unix socket, only with the cookie. It ends when its last client has gone, and the keeper is one of them: so none stays behind
  // when the keeper is killed.
  const access = ['-auth', authority, '-nolisten', 'tcp', '-noreset', '-terminate']
  return ['-displayfd', '3', ...shape, ...window, ...access]
}

/**
 * Starts Xephyr, whose screen is a window on the terminal.
 *
 * @throws {ChannelFailure} `no-display`, `display-refused`, `no-server`, `server-failed`, `cancelled`
 */
export async function startXephyr(options: XephyrOptions, signal: AbortSignal): Promise<XServer> {
  const { DISPLAY } = options.env
  if (!DISPLAY)
    throw new ChannelFailure(
      'no-display',
      'there is no X display here to show it on: DISPLAY is not set',
      'log in at a graphical terminal, or with "ssh -X"',
    )
  const child = spawn('Xephyr', xephyrWords(options), {
    env: options.env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const server = followed(child)
  try {
    const display = await numberOf(child, server, signal)
    const mark = child.pid === undefined ? undefined : await markOf(child.pid)
    if (!mark) throw whyEnded(await server.ended, DISPLAY)
    return { program: 'Xephyr', mark, display, ...server }
  } catch (error) {
    server.end()
    throw error
  }
}

interface Followed {
  readonly ended: Promise<string>
  end(): void
}

function followed(child: ChildProcess): Followed {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-mostWords)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ENOENT' ? notInstalled : error.message),
    )
    child.once('close', () => resolve(words))
  })
  let killer: NodeJS.Timeout | undefined
  void ended.then(() => clearTimeout(killer))
  const end = () => {
    if (child.exitCode !== null || child.signalCode !== null || killer) return
    child.kill('SIGTERM')
    killer = setTimeout(() => child.kill('SIGKILL'), grace)
  }
  return { ended, end }
}

const notInstalled = 'ENOENT'

async function numberOf(child: ChildProcess, { ended }: Followed, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let told = ''
  const pipe = child.stdio[3] as Readable
  pipe.on('error', () => {})
  pipe.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(0, 20)
    const number = /^\s*(\d{1,5})\n/.exec(told)?.[1]
    if (number !== undefined) resolve(Number(number))
  })
  void ended.then((words) => reject(whyEnded(words, child.spawnargs.join(' '))))
  const late = () =>
    reject(new ChannelFailure('server-failed', `Xephyr told no display in ${startTimeout / 1000} s`))
  const cancel = () => reject(new ChannelFailure('cancelled', 'taken back'))
  const timer = setTimeout(late, startTimeout)
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

/** A server that ended before it had told its number. */
function whyEnded(words: string, display: string): ChannelFailure {
  if (words === notInstalled)
    return new ChannelFailure(
      'no-server',
      'Xephyr: command not found on the display server',
      'apt-get install xserver-xephyr',
    )
  const lines = words.split('\n').filter((line) => /\S/.test(line) && !isHarmless(line))
  const last = lines.join(' ').replaceAll(/\s+/g, ' ').slice(0, 500)
  if (
    /cannot open (host )?display|No protocol specified|Authorization required|Invalid MIT-MAGIC/i.test(last)
  )
    return new ChannelFailure(
      'display-refused',
      `Xephyr has no access to the display of the terminal: ${last}`,
      'is the terminal still there? XAUTHORITY has to name the file with its cookie',
    )
  return new ChannelFailure(
    'server-failed',
    `Xephyr ended at once: ${last || 'it said nothing'} (${display})`,
  )
}

/** It looks for a free number from 0 on, and complains of each that is taken. */
function isHarmless(line: string): boolean {
  return /_XSERVTrans|server already running|SocketCreateListener/i.test(line)
}
