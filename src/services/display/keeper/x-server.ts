import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { ChannelState, ProcessMark } from '../channel.ts'
import { markOf } from '../here/process-mark.ts'
import { ChannelFailure } from './failure.ts'

type Program = NonNullable<ChannelState['server']>['program']

/** An X server of ours that has told its number. */
export interface XServer extends Child {
  readonly program: Program
  readonly mark: ProcessMark
  readonly display: number
}

/** A program of ours that runs on the display server. */
export interface Child {
  /** undefined: it could not be started */
  readonly pid: number | undefined
  /** settles when it has ended, with its last words; one that could not be started has `ENOENT` as such */
  readonly ended: Promise<string>
  /** ends it: politely, and for sure a moment later */
  end(): void
}

type Env = Readonly<Record<string, string | undefined>>

/** Milliseconds until it has told its number; 0.2 s were measured (docs/internals/displays.md, "Xephyr"). */
const startTimeout = 15_000
/** Milliseconds between SIGTERM and SIGKILL. */
const grace = 2000
/** Characters of its last words. */
const mostWords = 2000

/**
 * How it is reached: by its unix socket alone, only with the cookie. It ends when its last client has gone, and the keeper is one of them: so none stays behind
 * when the keeper is killed.
 */
export function accessWords(authority: string): string[] {
  return ['-displayfd', '3', '-auth', authority, '-nolisten', 'tcp', '-noreset', '-terminate']
}

/**
 * Starts an X server, which tells its number on descriptor 3: no two can choose the same.
 *
 * @param why what its last words mean, when it ended before
 * @throws {ChannelFailure}
 */
export async function startServer(
  program: Program,
  words: readonly string[],
  env: Env,
  why: (lastWords: string) => ChannelFailure,
  signal: AbortSignal,
): Promise<XServer> {
  const process = spawn(program, words, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const child = followed(process)
  try {
    const number = numberOf(process.stdio[3] as Readable)
    const failed = child.ended.then((lastWords) => Promise.reject(why(lastWords)))
    const display = await inTime(Promise.race([number, failed]), program, signal)
    const mark = process.pid === undefined ? undefined : await markOf(process.pid)
    if (!mark) throw why(await child.ended)
    return { program, mark, display, ...child }
  } catch (error) {
    child.end()
    throw error
  }
}

/** Starts a program that shows something on a display, and follows it. @param input all that it hears; none: nothing */
export function startChild(program: string, words: readonly string[], env: Env, input?: string): Child {
  if (input === undefined)
    return followed(spawn(program, words, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] }))
  const process = spawn(program, words, { env, detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  process.stdin.on('error', () => {}).end(input)
  return followed(process)
}

function followed(process: ChildProcess): Child {
  let words = ''
  process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-mostWords)
  })
  const ended = new Promise<string>((resolve) => {
    process.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message))
    process.once('close', () => resolve(words))
  })
  let killer: NodeJS.Timeout | undefined
  void ended.then(() => clearTimeout(killer))
  const end = () => {
    if (process.exitCode !== null || process.signalCode !== null || killer) return
    process.kill('SIGTERM')
    killer = setTimeout(() => process.kill('SIGKILL'), grace)
  }
  return { pid: process.pid, ended, end }
}

function numberOf(pipe: Readable): Promise<number> {
  return new Promise((resolve) => {
    let told = ''
    pipe.on('error', () => {})
    pipe.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(0, 20)
      const number = /^\s*(\d{1,5})\n/.exec(told)?.[1]
      if (number !== undefined) resolve(Number(number))
    })
  })
}

async function inTime<T>(promise: Promise<T>, program: string, signal: AbortSignal): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>()
  const late = `${program} told no display in ${startTimeout / 1000} s`
  const timer = setTimeout(() => reject(new ChannelFailure('server-failed', late)), startTimeout)
  const cancel = () => reject(new ChannelFailure('cancelled', 'taken back'))
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([promise, over])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

/** What an X server said last, without what it says of each number that is taken. */
export function lastWordsOf(words: string): string {
  const harmless = /_XSERVTrans|server already running|SocketCreateListener/i
  const lines = words.split('\n').filter((line) => /\S/.test(line) && !harmless.test(line))
  return lines.join(' ').replaceAll(/\s+/g, ' ').slice(0, 500)
}
