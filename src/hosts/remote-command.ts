import { type Duplex, PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Argv, Channel, HostError } from './host.ts'
import { quote } from './quote.ts'

/** What begins the line on standard error that tells the process group of a command. */
const MARK = 'vdd-group:'
/** Bytes of the line with the mark, at most. */
const LONGEST_MARK = 40
/** Milliseconds that a killed command has to tell its process group. */
const PATIENCE = 2000
/** Milliseconds for sshd to see that a command has ended. */
const SEEN = 1000
/** Bytes of other text before the mark after which it is no longer looked for. */
const MOST_HELD = 65_536

/**
 * The text for the login shell: it tells its process id, then becomes the command.
 *
 * The id is what makes it possible to end the command. When a channel closes, sshd only closes the pipes: a command
 * that waits for something else (virsh for a hung libvirtd) stays, and counts against MaxSessions as long as it does.
 * The channel request `signal` (RFC 4254, 6.9; OpenSSH >= 7.9) would do, but sshd refuses it for root ("session
 * signalling requires privilege separation"). sshd starts each command without a terminal in a session of its own,
 * so its process id is also the id of its process group.
 *
 * @throws {TypeError} as `quote()`, and when the program's name begins with `-`, which `exec` would take as an option
 */
export function remoteText(argv: Argv): string {
  if (argv[0].startsWith('-')) throw new TypeError('a program name begins with -')
  return `echo ${MARK}$$ >&2; exec ${quote(argv)}`
}

/** The text that ends process groups: first politely, so that sudo can pass it on, and within a second for sure. */
export function killText(groups: readonly number[]): string {
  const them = groups.map((group) => `-${group}`).join(' ')
  const wait = `for i in 1 2 3 4 5; do kill -s 0 -- ${them} || exit 0; sleep 0.2; done`
  return `exec 2>/dev/null; kill -s TERM -- ${them}; ${wait}; kill -s KILL -- ${them}`
}

/** Characters: a shell that cannot start a program says so at the end. */
const lastWords = 4_096

/** Whether a shell said on standard error that the program does not exist: sh, dash, bash, busybox, ksh, zsh. */
export function isNotFound(program: string, stderr: string): boolean {
  return stderr
    .slice(-lastWords)
    .split('\n')
    .some(
      (line) =>
        ['not found', 'command not found', 'No such file or directory'].some((why) =>
          line.endsWith(`: ${program}: ${why}`),
        ) || line.endsWith(`command not found: ${program}`),
    )
}

/** The three streams of a command on another machine, whoever speaks ssh; `close` brings its exit status. */
export interface CommandStream extends Duplex {
  readonly stderr: Readable
  /** sends it a signal, where sshd allows that */
  signal(name: string): unknown
  close(): unknown
}

/** A command in a channel of an ssh connection. */
export class RemoteCommand implements Channel {
  readonly stdin: CommandStream
  readonly stdout = new PassThrough()
  readonly stderr: GroupLine
  readonly ended: Promise<{ readonly code: number | null }>
  readonly #channel: CommandStream
  readonly #endGroup: (group: number) => Promise<void>
  #over = false
  #killed = false

  /**
   * @param lost is aborted with a `HostError` when the connection is lost
   * @param endGroup ends a process group on the host; never fails
   */
  constructor(channel: CommandStream, lost: AbortSignal, endGroup: (group: number) => Promise<void>) {
    this.#channel = channel
    this.#endGroup = endGroup
    this.stdin = channel
    this.stderr = new GroupLine()
    this.ended = this.#follow(lost)
    this.ended.catch(() => {}) // a caller that only reads need not look
    channel.on('error', () => {})
    channel.stderr.on('error', () => {})
    channel.pipe(this.stdout)
    channel.stderr.pipe(this.stderr)
    this.stdout.on('close', () => {
      if (!this.stdout.readableEnded) this.kill() // the reader left (`break` in a `for await`)
    })
  }

  #follow(lost: AbortSignal): Promise<{ code: number | null }> {
    return new Promise((resolve, reject) => {
      const onLost = () => settle(() => reject(lost.reason as HostError))
      const settle = (how: () => void) => {
        this.#over = true
        lost.removeEventListener('abort', onLost)
        how()
      }
      this.#channel.on('close', (code?: number | null) => {
        const done = () => (lost.aborted ? onLost() : settle(() => resolve({ code: code ?? null })))
        if (this.stderr.writableFinished) done()
        else this.stderr.once('finish', done)
      })
      if (lost.aborted) onLost()
      else lost.addEventListener('abort', onLost, { once: true })
    })
  }

  /** Ends the command's process group on the host, then the channel. `ended` settles when that is done. */
  kill(): void {
    if (this.#killed || this.#over) return
    this.#killed = true
    this.#silence()
    void this.#kill()
  }

  async #kill(): Promise<void> {
    this.#channel.signal('KILL') // does it at once where sshd allows it
    const group = await this.stderr.group(PATIENCE)
    if (group !== undefined && !this.#over) {
      await this.#endGroup(group)
      // sshd closes the channel itself once it has seen the end; only then is the session free again for MaxSessions
      await Promise.race([this.ended.catch(() => {}), sleep(SEEN, undefined, { ref: false })])
    }
    this.#channel.end()
    this.#channel.close()
  }

  /** Nobody listens any more: what still comes is let go, or the channel could never close. */
  #silence(): void {
    this.#channel.unpipe(this.stdout)
    this.#channel.resume()
    this.stdout.end()
    this.stdout.resume()
    this.stderr.resume()
  }
}

/** Takes the line with the process group out of standard error. Whatever a broken rc file prints before it stays. */
class GroupLine extends Transform {
  readonly #group = Promise.withResolvers<number | undefined>()
  /** what came before the mark; `undefined`: it is not looked for any more */
  #held: Buffer[] | undefined = []
  /** of the line that has not ended */
  #line: Buffer[] = []
  #length = 0

  /** The process group; `undefined` when it was not told within the time (milliseconds) or before the end. */
  group(patience: number): Promise<number | undefined> {
    const timer = setTimeout(() => this.#group.resolve(undefined), patience)
    return this.#group.promise.finally(() => clearTimeout(timer))
  }

  /** Each byte is looked at once: a host may send them one by one. */
  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let from = 0
    while (this.#held) {
      const to = piece.indexOf('\n', from) + 1
      this.#line.push(to ? piece.subarray(from, to) : piece.subarray(from))
      if (!to) break
      const line = Buffer.concat(this.#line)
      const found = line.length < LONGEST_MARK ? /^vdd-group:(\d+)\n$/.exec(line.toString('latin1')) : null
      this.#line = []
      from = to
      if (found) {
        this.#group.resolve(Number(found[1]))
        this.#release()
      } else this.#held.push(line)
    }
    this.#length += piece.length
    if (!this.#held) {
      if (from < piece.length) this.push(piece.subarray(from))
    } else if (this.#length > MOST_HELD) this.#release()
    done()
  }

  override _flush(done: TransformCallback): void {
    this.#group.resolve(undefined)
    this.#release()
    done()
  }

  #release(): void {
    const held = [...(this.#held ?? []), ...this.#line]
    this.#held = undefined
    this.#line = []
    if (held.length) this.push(Buffer.concat(held))
  }
}
