import type { Duplex, Readable, Writable } from 'node:stream'
import type { Place } from './dial.ts'
import { type Label, label, type Raw, say } from './label.ts'

/** A command as a list of words. It never passes through a shell on this machine; over ssh it is quoted by `quote()`. */
export type Argv = readonly [Raw, ...Raw[]]

/** What was asked of a host, how long it took in milliseconds, and how it came out. Never what went in on stdin. */
export interface Trace {
  readonly host: string
  /** As asked, not yet printable. */
  readonly argv: Argv
  readonly ms: number
  readonly outcome: Label
}

export type OnTrace = (trace: Trace) => void

export interface RunOptions {
  /** What the command reads from standard input. The only way for a secret to reach a host. */
  readonly input?: string
  /** Milliseconds until the command is ended and `HostError` of kind `timeout` is thrown. Default 10 000. */
  readonly timeout?: number
  readonly signal?: AbortSignal
  /** Bytes kept of standard output and of standard error, each; more ends the command. Default 4 MiB. */
  readonly limit?: number
  /** Is told each piece of standard error as it comes (progress of a migration). */
  readonly onStderr?: (text: string) => void
}

/** What a command said. A command that ran and failed is an answer, not an exception. */
export interface Output {
  /** Exit status; `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that goes on: fed on its standard input, followed on its outputs. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles when the command has ended and its outputs are closed; rejects with `HostError` when the host was lost. */
  readonly ended: Promise<{ readonly code: number | null }>
  kill(): void
}

/** The caller's terminal, handed to a command on a host (`virsh console`). */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
}

export type HostErrorKind =
  /** no connection, or it was lost */
  | 'unreachable'
  /** the host's key is unknown, changed or revoked */
  | 'hostkey'
  /** the host refused every way to log in */
  | 'auth'
  /** no answer in time */
  | 'timeout'
  /** the command could not be started */
  | 'exec'
  /** the host answered, and its answer is no: libvirt or another service refused */
  | 'refused'
  /** the command said more than the bound */
  | 'overflow'
  /** the caller gave up */
  | 'cancelled'

/** Why a host could not be asked: which host, what failed, what to do next. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly kind: HostErrorKind
  readonly host: string
  /** What failed, printable, without the host's name. */
  readonly reason: Label
  /** What the operator can do about it, printable; may be empty. */
  readonly advice: Label
  constructor(kind: HostErrorKind, host: string, reason: Label, advice: Label = '' as Label) {
    super(`${host}: ${reason}${advice ? ` (${advice})` : ''}`)
    this.kind = kind
    this.host = host
    this.reason = reason
    this.advice = advice
  }
}

/** The one door to a machine: the local one, one behind ssh, or one of the demo fleet. */
export interface Host {
  /** Told of each command when it has ended; also by services that feed commands to one that stays. */
  readonly onTrace?: OnTrace | undefined
  /** The name from the configuration: letters, digits, `.`, `_`, `-`. */
  readonly name: string
  /** What does not hold for it as it should, although it is reached; `vdd host check` tells it. */
  readonly caveat?: HostError | undefined
  /** Runs a command to its end. Throws `HostError`; a non-zero exit status is an answer. */
  run(argv: Argv, options?: RunOptions): Promise<Output>
  /** Starts a command and leaves it running until `kill()`, its end, or `close()`. */
  stream(argv: Argv): Promise<Channel>
  /** Connects to a place that the host itself reaches. Rejects with why, and with the signal's reason when that comes first. */
  connect(place: Place, signal: AbortSignal): Promise<Duplex>
  /** Hands the terminal to a command and resolves with its exit status when it gives the terminal back. */
  terminal(argv: Argv, terminal: Terminal): Promise<number | null>
  /**
   * Somebody who should know says that it is gone: where nothing is heard of it for longer than it ever keeps silent, the connection is given up at once, for
   * this reason, and not only when it has missed as many questions as are borne otherwise.
   */
  doubt?(reason: Label): void
  /** Ends every command and the connection. */
  close(): Promise<void>
}

/** Any error as a sentence: a `HostError` with its host and what to do, of others the message, made printable. */
export function whyOf(error: unknown): Label {
  if (!(error instanceof HostError)) return label(error instanceof Error ? error.message : String(error))
  const advice = error.advice ? say` (${error.advice})` : say``
  return say`${label(error.host)}: ${error.reason}${advice}`
}
