import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientChannel, ExecOptions } from 'ssh2'
import { orAborted } from './abort.ts'
import { collect } from './collect.ts'
import { deadline } from './deadline.ts'
import type { Place } from './dial.ts'
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
import { KeptLink, type KeptLinkOptions } from './kept-link.ts'
import { type Label, label, say } from './label.ts'
import type { Link } from './link.ts'
import { quote } from './quote.ts'
import { isNotFound, killText, RemoteCommand, remoteText } from './remote-command.ts'
import { attach } from './remote-terminal.ts'
import { Slots } from './slots.ts'
import { channelError, forwardError, isRefusedSession } from './ssh-errors.ts'
import type { SshSettings } from './ssh-settings.ts'
import { Sweeper } from './sweeper.ts'
import { traced } from './trace.ts'

export interface SshHostOptions extends KeptLinkOptions {
  readonly onTrace?: OnTrace
  /**
   * Commands at once on this host, streams and terminals too; more wait their turn. Default 8: sshd's MaxSessions
   * is 10 by default, and one is kept for ending commands.
   */
  readonly slots?: number
  /** Milliseconds that a stream or a terminal waits for a slot and a session; longer on a host that may be silent for longer. Default 10,000. */
  readonly openTimeout?: number
}

/** Milliseconds that `close` waits for commands to end on the host. */
const CLOSE_PATIENCE = 2000
/** Milliseconds between the tries of a session that was refused. */
const REFUSAL_PAUSES = [10, 20, 40, 80, 160, 320]

/**
 * A machine behind ssh: one connection (kept-link.ts), on which all commands are channels. No lock is shared between hosts.
 *
 * A command that is ended (timeout, cancellation, `kill`, too much output) is ended on the host too, see
 * `remoteText()`. What survives: a command that sudo runs as another user when sudo cannot be signalled, one that
 * left its process group, one in uninterruptible sleep, and any when the connection itself is lost: sshd then closes
 * the pipes, and it ends when it next reads or writes. The login shell must be of the Bourne family. What its start
 * files print to standard output appears in the output of every command; that is to be mended there.
 */
export class SshHost implements Host {
  readonly name: string
  readonly onTrace: OnTrace | undefined
  readonly #link: KeptLink
  readonly #slots: Slots
  readonly #openTimeout: number
  readonly #closing = new AbortController()
  readonly #sweeper = new Sweeper((groups) => this.#sweep(groups))
  readonly #commands = new Set<RemoteCommand>()
  #active = 0

  constructor(settings: SshSettings, options: SshHostOptions = {}) {
    this.onTrace = options.onTrace
    this.name = settings.name
    this.#link = new KeptLink(settings, options, this.#closing.signal)
    this.#slots = new Slots(options.slots ?? 8)
    this.#openTimeout = options.openTimeout ?? 10_000
  }

  get caveat(): HostError | undefined {
    if (this.#link.readBy !== 'package') return undefined
    return new HostError(
      'exec',
      this.name,
      label('read without ssh: Match, tokens and some patterns may be taken otherwise than ssh takes them'),
      label('apt-get install openssh-client on this machine'),
    )
  }

  run(argv: Argv, options: RunOptions = {}): Promise<Output> {
    return traced(this.name, argv, this.onTrace, async () => {
      const signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])])
      const open = (giveUp: AbortSignal) => this.#start(argv, giveUp)
      const output = await collect(this.name, argv, { ...options, signal }, open)
      if (output.code === 127 && isNotFound(argv[0], output.stderr)) {
        throw new HostError('exec', this.name, say`${label(argv[0])}: command not found`)
      }
      return output
    })
  }

  stream(argv: Argv): Promise<Channel> {
    const channel = Promise.withResolvers<Channel>()
    const whole = traced(this.name, argv, this.onTrace, async () => {
      const command = await this.#withPatience(argv, (signal) => this.#start(argv, signal))
      channel.resolve(command)
      return command.ended
    })
    whole.catch(channel.reject)
    return channel.promise
  }

  /** By sshd on the host (AllowTcpForwarding, AllowStreamLocalForwarding); no session of it, so no slot is taken. */
  async connect(place: Place, signal: AbortSignal): Promise<Duplex> {
    const either = AbortSignal.any([signal, this.#closing.signal])
    const { client, lost } = await orAborted(this.#link.standing(), either)
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
    const opened = (error: Error | undefined, channel: Duplex) => {
      if (error) return reject(forwardError(this.name, error))
      if (either.aborted) channel.destroy()
      // What happens to it is told by its end; without a listener it would end the console.
      channel.on('error', () => {})
      resolve(channel)
    }
    try {
      if ('path' in place) client.openssh_forwardOutStreamLocal(place.path, opened)
      else client.forwardOut('127.0.0.1', 0, place.host, place.port, opened)
    } catch (error) {
      // It throws at once when the connection has just gone.
      throw lost.aborted ? lost.reason : forwardError(this.name, error as Error)
    }
    return await orAborted(promise, AbortSignal.any([either, lost]))
  }

  /** sshd hangs up the command's terminal when the channel closes, so it ends with the connection too. */
  terminal(argv: Argv, terminal: Terminal): Promise<number | null> {
    const { rows, columns } = terminal.stdout
    const pty = { rows: rows ?? 24, cols: columns ?? 80, term: process.env.TERM ?? 'vt100' }
    return traced(this.name, argv, this.onTrace, async () => {
      const session = await this.#withPatience(argv, (signal) =>
        this.#open<{ readonly ended: ReturnType<typeof attach> }>(signal, async (link, opened) => {
          const channel = await this.#exec(link, this.#text(argv, quote), { pty }, signal)
          if (signal.aborted) return void channel.close()
          const ended = attach(channel, terminal, link.lost)
          opened({ ended })
          await ended
        }),
      )
      return session.ended
    }).then(({ code }) => code)
  }

  doubt(reason: Label): void {
    this.#link.doubt(reason)
  }

  /** Callers are told at once; the commands are ended on the host, as far as that goes in a moment. */
  async close(): Promise<void> {
    const closed = new HostError('cancelled', this.name, label('closed'))
    if (!this.#closing.signal.aborted) this.#closing.abort(closed)
    this.#link.believe()
    const ends = [...this.#commands].map((command) => {
      command.kill()
      return command.ended
    })
    await Promise.race([Promise.allSettled(ends), sleep(CLOSE_PATIENCE, undefined, { ref: false })])
    await this.#link.close()
  }

  /** Starts a command; one that starts only after the caller gave up is ended. */
  #start(argv: Argv, signal: AbortSignal): Promise<RemoteCommand> {
    return this.#open<RemoteCommand>(signal, async (link, opened) => {
      const channel = await this.#exec(link, this.#text(argv, remoteText), {}, signal)
      const command = new RemoteCommand(channel, link.lost, (group) => this.#sweeper.end(group))
      signal.addEventListener('abort', () => command.kill(), { once: true })
      if (signal.aborted || this.#closing.signal.aborted) command.kill()
      this.#commands.add(command)
      opened(command)
      await command.ended.finally(() => this.#commands.delete(command))
    })
  }

  /**
   * Does the work on the connection, in a slot that is given back when the work has ended; resolves with what the
   * work says it opened. When the signal is aborted the caller is told at once, but the slot stays taken until the
   * work has cleaned up: until then the session counts on the host.
   */
  #open<T>(signal: AbortSignal, work: (link: Link, opened: (what: T) => void) => Promise<void>): Promise<T> {
    const opened = Promise.withResolvers<T>()
    const either = AbortSignal.any([signal, this.#closing.signal])
    this.#inSlot(either, (link) => work(link, opened.resolve)).catch(opened.reject)
    return orAborted(opened.promise, either)
  }

  async #inSlot(signal: AbortSignal, work: (link: Link) => Promise<void>): Promise<void> {
    const giveBack = await this.#slots.take(signal)
    try {
      const link = await orAborted(this.#link.standing(), signal)
      this.#active++
      try {
        await work(link)
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

  /**
   * Opens a channel with a command. A refusal is tried again for a while: sshd frees a session only after it has
   * worked off all that it had read, so one that we saw end can still count when the next is asked for.
   */
  async #exec(link: Link, text: string, options: ExecOptions, signal: AbortSignal): Promise<ClientChannel> {
    for (const pause of REFUSAL_PAUSES) {
      try {
        return await orAborted(exec(link, text, options), link.lost)
      } catch (error) {
        if (!isRefusedSession(error) || link.lost.aborted || signal.aborted) throw this.#refused(link, error)
      }
      await sleep(pause)
    }
    return orAborted(exec(link, text, options), link.lost).catch((error) => {
      throw this.#refused(link, error)
    })
  }

  /**
   * With nothing else of ours on it, a connection that refuses a session is full of commands that could not be
   * ended; a new connection has room again.
   */
  #refused(link: Link, error: unknown): HostError {
    if (link.lost.aborted) return link.lost.reason
    if (!isRefusedSession(error)) return channelError(this.name, error)
    if (this.#active <= 1) link.close()
    return channelError(this.name, error)
  }

  /** Ends process groups over the same connection, outside the slots: those may all be taken by what is to be ended. */
  async #sweep(groups: readonly number[]): Promise<void> {
    const { link } = this.#link
    if (!link) return
    const open = async () =>
      new RemoteCommand(await this.#exec(link, killText(groups), {}, link.lost), link.lost, async () => {})
    await collect(this.name, ['kill'], { timeout: 5000 }, open)
  }

  /** For what has no timeout of its own once it runs: bounds only the time until it does. The connection has bounds of its own. */
  async #withPatience<T>(argv: Argv, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { patience } = await orAborted(this.#link.standing(), this.#closing.signal)
    const most = Math.max(this.#openTimeout, patience)
    const late = new AbortController()
    const reason = say`${label(argv[0])}: not started in ${most / 1000} s`
    const callOff = deadline(most, () => late.abort(new HostError('timeout', this.name, reason)))
    try {
      return await open(late.signal)
    } finally {
      callOff()
    }
  }
}

/** `Client.exec` as a promise; it throws at once when the connection has just gone. */
async function exec({ client }: Link, text: string, options: ExecOptions): Promise<ClientChannel> {
  const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
  client.exec(text, options, (error, channel) => (error ? reject(error) : resolve(channel)))
  return promise
}
