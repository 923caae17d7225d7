import type { Duplex } from 'node:stream'
import { execa } from 'execa'
import { collect } from './collect.ts'
import { dial, type Place } from './dial.ts'
import {
  type Argv,
  type Channel,
  type Host,
  HostError,
  type OnTrace,
  type Output,
  type RunOptions,
  type Terminal,
} from './host.ts'
import { label, say } from './label.ts'
import { lend } from './lend.ts'
import { checkWords } from './quote.ts'
import { traced } from './trace.ts'

interface LocalHostOptions {
  /** The name from the configuration. Default `localhost`. */
  readonly name?: string
  readonly onTrace?: OnTrace
  /** What commands find in their environment. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Of an execa result: why the program did not start. */
interface Failure {
  readonly code?: string | undefined
  readonly originalMessage?: string | undefined
}

/** Milliseconds between the polite SIGTERM and SIGKILL. */
const GRACE = 1000

/** The groups of all local hosts that run. One ear for all of them: each host that is reached by OpenSSH has a local one, and there may be hundreds. */
const running = new Set<number>()
const endThem = () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL')
}

function follow(pid: number): void {
  if (!running.size) process.on('exit', endThem)
  running.add(pid)
}

function unfollow(pid: number): void {
  running.delete(pid)
  if (!running.size) process.off('exit', endThem)
}

/**
 * The machine that the console runs on. No shell takes part: words go to execve(2) as they are.
 *
 * Each command leads a process group and session of its own, so that ending it ends its children too, and so that
 * nothing it starts can ask for a password on the console's terminal. What puts itself into another session
 * (a daemon) is left alone. If the console exits, the `exit` hook ends what still runs; if it is killed with
 * SIGKILL nothing can, and commands end at their next write.
 */
export class LocalHost implements Host {
  readonly name: string
  readonly onTrace: OnTrace | undefined
  readonly #env: LocalHostOptions['env']
  readonly #running = new Set<number>()
  #closed = false

  constructor({ name = 'localhost', onTrace, env }: LocalHostOptions = {}) {
    this.#env = env
    this.name = name
    this.onTrace = onTrace
  }

  run(argv: Argv, options: RunOptions = {}): Promise<Output> {
    return traced(this.name, argv, this.onTrace, () =>
      collect(this.name, argv, options, () => this.#spawn(argv)),
    )
  }

  async stream(argv: Argv): Promise<Channel> {
    const channel = Promise.withResolvers<Channel>()
    const whole = traced(this.name, argv, this.onTrace, async () => {
      const started = await this.#spawn(argv)
      channel.resolve(started)
      return started.ended
    })
    whole.catch(channel.reject)
    return channel.promise
  }

  connect(place: Place, signal: AbortSignal): Promise<Duplex> {
    return dial(place, signal)
  }

  terminal(argv: Argv, terminal: Terminal): Promise<number | null> {
    return traced(this.name, argv, this.onTrace, () =>
      lend(terminal, async () => {
        this.#refuse(argv)
        const [file, ...words] = argv
        // in the console's own session and foreground group: it needs the controlling terminal
        const result = await execa(file, words, {
          reject: false,
          stdin: terminal.stdin,
          stdout: terminal.stdout,
          stderr: terminal.stdout,
        })
        if (result.exitCode === undefined && !result.signal) throw this.#notStarted(argv, result)
        return { code: result.exitCode ?? null }
      }),
    ).then(({ code }) => code)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const pid of this.#running) signalGroup(pid, 'SIGKILL')
  }

  async #spawn(argv: Argv): Promise<Channel> {
    this.#refuse(argv)
    const [file, ...words] = argv
    const child = execa(file, words, {
      reject: false,
      buffer: false,
      detached: true,
      encoding: 'buffer',
      ...(this.#env && { env: this.#env, extendEnv: false }),
    })
    const { pid } = child
    if (pid === undefined) throw this.#notStarted(argv, await child)
    this.#running.add(pid)
    follow(pid)
    const ended = child.then(({ exitCode, signal }) => {
      this.#running.delete(pid)
      unfollow(pid)
      return { code: signal ? null : (exitCode ?? null) }
    })
    child.stdin.on('error', () => {}) // EPIPE of a command that does not read
    const kill = () => {
      if (this.#running.has(pid)) endGroup(pid)
      child.stdout.resume() // a full pipe nobody reads would keep `ended` from settling
      child.stderr.resume()
      // What has put itself into another session may keep the pipes, and write for ever.
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, 2 * GRACE).unref()
    }
    return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, kill }
  }

  #notStarted(argv: Argv, error: Failure): HostError {
    const program = label(argv[0])
    if (error.code === 'ENOENT') return new HostError('exec', this.name, say`${program}: command not found`)
    if (error.code === 'EACCES') return new HostError('exec', this.name, say`${program}: permission denied`)
    const why = label(error.code ?? error.originalMessage ?? 'no reason given')
    return new HostError('exec', this.name, say`${program}: could not be started: ${why}`)
  }

  #refuse(argv: Argv): void {
    if (this.#closed) throw new HostError('cancelled', this.name, label('closed'))
    try {
      checkWords(argv)
    } catch (error) {
      throw new HostError('exec', this.name, label(error instanceof Error ? error.message : String(error)))
    }
  }
}

/** SIGTERM first, because sudo passes that on to its command and cannot pass on SIGKILL (sudo(8), signal handling). */
function endGroup(pid: number): void {
  signalGroup(pid, 'SIGTERM')
  setTimeout(signalGroup, GRACE, pid, 'SIGKILL').unref()
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: all of the group has ended
  }
}
