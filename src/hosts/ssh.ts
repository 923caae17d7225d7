import { homedir } from 'node:os'
import type { ClientChannel, ExecOptions } from 'ssh2'
import { orAborted } from './abort.ts'
import { Backoff, type BackoffOptions } from './backoff.ts'
import { collect } from './collect.ts'
import {
  type Argv,
  type Channel,
  type Host,
  HostError,
  type Output,
  type RunOptions,
  type Terminal,
} from './host.ts'
import { label, say } from './label.ts'
import { type Link, type LinkTimes, openLink } from './link.ts'
import { quote } from './quote.ts'
import { isNotFound, killText, RemoteCommand, remoteText } from './remote-command.ts'
import { attach } from './remote-terminal.ts'
import { Slots } from './slots.ts'
import type { SshSettings, Surroundings } from './ssh-config.ts'
import { channelError } from './ssh-errors.ts'
import { Sweeper } from './sweeper.ts'
import { type OnTrace, traced } from './trace.ts'

export interface SshHostOptions extends LinkTimes {
  readonly onTrace?: OnTrace
  /**
   * Commands at once on this host, streams and terminals too; more wait their turn. Default 8: sshd's MaxSessions
   * is 10 by default, and one is kept for ending commands.
   */
  readonly slots?: number
  readonly backoff?: BackoffOptions
  /** Home directory and environment; default those of this process. */
  readonly surroundings?: Surroundings
}

/** Milliseconds that a stream or a terminal waits for a slot and the connection. */
const OPEN_TIMEOUT = 10_000
/** A connection that lasted less long (milliseconds) counts as a failure, or it would be made anew at every poll. */
const BRIEF = 5000

/**
 * A machine behind ssh: one connection, made when first needed, on which all commands are channels.
 *
 * While the host fails it is left alone for a growing time, in which every call fails at once with the last reason;
 * the first call after it connects again, so the callers' own polling is the retry. No lock is shared between hosts.
 *
 * A command that is ended (timeout, cancellation, `kill`, too much output) is ended on the host too, see
 * `remoteText()`. What survives: a command that sudo runs as another user when sudo cannot be signalled, one that
 * left its process group, one in uninterruptible sleep, and any when the connection itself is lost: sshd then closes
 * the pipes, and it ends when it next reads or writes. The login shell must be of the Bourne family. What its start
 * files print to standard output appears in the output of every command; that is to be mended there.
 */
export class SshHost implements Host {
  readonly name: string
  readonly #settings: SshSettings
  readonly #options: SshHostOptions
  readonly #slots: Slots
  readonly #backoff: Backoff
  readonly #closing = new AbortController()
  readonly #sweeper = new Sweeper((groups) => this.#sweep(groups))
  #link: Link | undefined
  #connecting: Promise<Link> | undefined
  #lastError: HostError | undefined
  #active = 0

  constructor(settings: SshSettings, options: SshHostOptions = {}) {
    this.name = settings.name
    this.#settings = settings
    this.#options = options
    this.#slots = new Slots(options.slots ?? 8)
    this.#backoff = new Backoff(options.backoff)
  }

  run(argv: Argv, options: RunOptions = {}): Promise<Output> {
    return traced(this.name, argv, this.#options.onTrace, async () => {
      const output = await collect(this.name, argv, options, (signal) => this.#start(argv, signal))
      if (output.code === 127 && isNotFound(argv[0], output.stderr)) {
        throw new HostError('exec', this.name, say`${label(argv[0])}: command not found`)
      }
      return output
    })
  }

  stream(argv: Argv): Promise<Channel> {
    const channel = Promise.withResolvers<Channel>()
    const whole = traced(this.name, argv, this.#options.onTrace, async () => {
      const command = await this.#start(argv, this.#patience(argv))
      channel.resolve(command)
      return command.ended
    })
    whole.catch(channel.reject)
    return channel.promise
  }

  /** sshd hangs up the command's terminal when the channel closes, so it ends with the connection too. */
  terminal(argv: Argv, terminal: Terminal): Promise<number | null> {
    return traced(this.name, argv, this.#options.onTrace, () =>
      this.#inSlot(this.#patience(argv), async (link, signal) => {
        const { rows, columns } = terminal.stdout
        const pty = { rows: rows ?? 24, cols: columns ?? 80, term: process.env.TERM ?? 'vt100' }
        const channel = await this.#exec(link, this.#text(argv, quote), { pty }, signal, (late) =>
          late.close(),
        )
        return attach(channel, terminal, link.lost)
      }),
    ).then(({ code }) => code)
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(this.#closedError())
    this.#link?.close()
    await this.#connecting?.catch(() => {})
    this.#link?.close()
  }

  /** Starts a command in a slot of its own, which it keeps until it has ended. */
  #start(argv: Argv, signal: AbortSignal): Promise<RemoteCommand> {
    const started = Promise.withResolvers<RemoteCommand>()
    this.#inSlot(signal, async (link) => {
      const make = (channel: ClientChannel) =>
        new RemoteCommand(channel, link.lost, (group) => this.#sweeper.end(group))
      const text = this.#text(argv, remoteText)
      const channel = await this.#exec(link, text, {}, signal, (late) => make(late).kill())
      const command = make(channel)
      started.resolve(command)
      await command.ended
    }).catch(started.reject)
    return started.promise
  }

  async #inSlot<T>(signal: AbortSignal, work: (link: Link, signal: AbortSignal) => Promise<T>): Promise<T> {
    const either = AbortSignal.any([signal, this.#closing.signal])
    const giveBack = await this.#slots.take(either)
    try {
      const link = await orAborted(this.#connected(), either)
      this.#active++
      try {
        return await work(link, either)
      } finally {
        this.#active--
      }
    } finally {
      giveBack()
    }
  }

  #text(argv: Argv, encode: (argv: Argv) => string): string {
    try {
      return encode(argv)
    } catch (error) {
      throw new HostError('exec', this.name, label(error instanceof Error ? error.message : String(error)))
    }
  }

  /** Opens a channel; one that opens after the caller gave up is handed to `tooLate`. */
  async #exec(
    link: Link,
    text: string,
    options: ExecOptions,
    signal: AbortSignal,
    tooLate: (channel: ClientChannel) => void,
  ): Promise<ClientChannel> {
    const opened = Promise.withResolvers<ClientChannel>()
    try {
      link.client.exec(text, options, (error, channel) => {
        if (error) opened.reject(this.#refused(link, error))
        else if (signal.aborted) tooLate(channel)
        else opened.resolve(channel)
      })
    } catch (error) {
      opened.reject(this.#refused(link, error instanceof Error ? error : new Error(String(error))))
    }
    return orAborted(orAborted(opened.promise, link.lost), signal)
  }

  /**
   * With nothing else of ours on it, a connection that refuses a session is full of commands that could not be
   * ended; a new connection has room again.
   */
  #refused(link: Link, error: Error): HostError {
    if (link.lost.aborted) return link.lost.reason
    if (this.#active <= 1) link.close()
    return channelError(this.name, error)
  }

  /** The connection, made anew if need be. All who wait for it wait for the same one. */
  #connected(): Promise<Link> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closedError())
    if (this.#link && !this.#link.lost.aborted) return Promise.resolve(this.#link)
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<Link> {
    const pause = this.#backoff.remaining(performance.now())
    if (pause > 0 && this.#lastError) throw resting(this.#lastError, pause)
    const { surroundings = { home: homedir(), env: process.env } } = this.#options
    try {
      const link = await openLink(this.#settings, this.#options, surroundings, this.#closing.signal)
      this.#watch(link)
      return link
    } catch (error) {
      const reason = error instanceof HostError ? error : this.#unexpected(error)
      this.#lastError = reason
      this.#backoff.failed(performance.now(), reason.kind === 'hostkey' || reason.kind === 'auth')
      throw reason
    }
  }

  #watch(link: Link): void {
    this.#link = link
    const since = performance.now()
    link.lost.addEventListener('abort', () => {
      this.#lastError = link.lost.reason
      if (performance.now() - since < BRIEF) this.#backoff.failed(performance.now())
      else this.#backoff.succeeded()
    })
  }

  /** Ends process groups over the same connection, outside the slots: those may all be taken by what is to be ended. */
  async #sweep(groups: readonly number[]): Promise<void> {
    const link = this.#link
    if (!link || link.lost.aborted) return
    const open = async (signal: AbortSignal) => {
      const make = (channel: ClientChannel) => new RemoteCommand(channel, link.lost, async () => {})
      return make(await this.#exec(link, killText(groups), {}, signal, (late) => late.close()))
    }
    await collect(this.name, ['kill'], { timeout: 5000 }, open)
  }

  #patience(argv: Argv): AbortSignal {
    const late = new AbortController()
    const reason = say`${label(argv[0])}: not started in ${OPEN_TIMEOUT / 1000} s`
    setTimeout(() => late.abort(new HostError('timeout', this.name, reason)), OPEN_TIMEOUT).unref()
    return late.signal
  }

  #closedError(): HostError {
    return new HostError('cancelled', this.name, label('closed'))
  }

  #unexpected(error: unknown): HostError {
    return new HostError(
      'unreachable',
      this.name,
      label(error instanceof Error ? error.message : String(error)),
    )
  }
}

function resting({ kind, host, reason, advice }: HostError, pause: number): HostError {
  return new HostError(kind, host, say`${reason}; next try in ${Math.ceil(pause / 1000)} s`, advice)
}
