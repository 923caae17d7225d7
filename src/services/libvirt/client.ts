import { randomBytes } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import { type Argv, type Channel, type Host, HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { quote } from '../../hosts/quote.ts'
import type { OnTrace } from '../../hosts/trace.ts'
import { errorText } from './parse.ts'
import { endedError, refusal, unanswered } from './refusal.ts'

/**
 * Words before each virsh: its texts in English whatever the host's locale, and no history file written by an
 * interactive virsh (notes/libvirt.md, section 3).
 */
const environment = ['env', 'LANGUAGE=', 'LC_ALL=C.UTF-8', 'VIRSH_HISTSIZE=0'] as const

/** The command line of one virsh that runs one command and ends. */
export function virsh(uri: string, ...words: readonly string[]): Argv {
  return [...environment, 'virsh', '-c', uri, ...words]
}

/** The command line of the virsh that follows events. It only reads. */
export function virshEvents(uri: string, readOnly: boolean): Argv {
  return [
    ...environment,
    'virsh',
    ...keepalive,
    ...(readOnly ? ['-r'] : []),
    '-c',
    uri,
    'event',
    '--all',
    '--loop',
    '--timestamp',
  ]
}

/** A connection asks libvirtd every second and gives it up after two silent ones: a hung daemon is found in 2-3 s. */
const keepalive = ['-k', '1', '-K', '2'] as const

export interface Answer {
  readonly out: string
  /** Not empty: the command failed. virsh gives no status for each command. */
  readonly err: string
}

interface Pending {
  readonly words: readonly string[]
  readonly marker: string
  resolve(answer: Answer): void
  reject(error: HostError): void
}

/** An answer larger than this is no answer of virsh: 64 MiB is beyond ten thousand machines with all their fields. */
const answerLimit = 64 * 2 ** 20

/**
 * One virsh that stays, fed on its standard input: an answer costs milliseconds instead of a new process and a
 * new connection. The framing is measured (notes/libvirt.md, section 3): each command is followed by an `echo` of a
 * marker on both outputs; lines that begin with the prompt are virsh's echo of what it was fed.
 */
export class Virsh {
  #channel: Channel
  #pending: Pending[] = []
  #out = ''
  #err = ''
  #serial = 0
  #failure: HostError | undefined
  readonly #host: string
  readonly #onTrace: OnTrace | undefined
  /** Nobody on the host can forge a marker that is new in each session. */
  readonly #nonce = randomBytes(6).toString('hex')

  private constructor({ name: host, onTrace }: Host, channel: Channel) {
    this.#host = host
    this.#onTrace = onTrace
    this.#channel = channel
    const out = new StringDecoder('utf8')
    const err = new StringDecoder('utf8')
    channel.stdout.on('data', (data: Buffer) => this.#take('out', out.write(data)))
    channel.stderr.on('data', (data: Buffer) => this.#take('err', err.write(data)))
    channel.stdin.on('error', () => {}) // told by `ended`
    channel.ended.then(
      () => this.#fail(endedError(host, this.#err)),
      (error: unknown) => this.#fail(asHostError(error, host)),
    )
  }

  /**
   * Starts a virsh and waits until it is connected; a virsh that connects to a hung libvirtd waits for ever, so this
   * too has its `timeout` in milliseconds. What virsh says before its first answer (the banner) is dropped here.
   */
  static async open(host: Host, uri: string, readOnly: boolean, timeout: number): Promise<Virsh> {
    const argv = [...environment, 'virsh', ...keepalive, ...(readOnly ? ['-r'] : []), '-c', uri] as const
    const session = new Virsh(host, await host.stream(argv))
    const { err } = await session.command(['uri'], timeout).catch((error: HostError) => {
      throw error.kind === 'timeout' ? unanswered(host.name, uri, timeout) : error
    })
    if (!err) return session
    session.close()
    throw refusal(host.name, err)
  }

  get closed(): boolean {
    return this.#failure !== undefined
  }

  /**
   * Runs one command; commands that are given at once are answered in order. After `timeout` milliseconds the whole
   * session is ended (virsh does one thing at a time, so what is behind a hung command hangs too) and every pending
   * command fails with a `HostError`.
   */
  command(words: readonly string[], timeout: number): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure)
    const marker = `__vdd_${this.#nonce}_${++this.#serial}__`
    const answer = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(this.#timedOut(words, timeout)), timeout)
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer)
          then(value)
        }
      this.#pending.push({ words, marker, resolve: settle(resolve), reject: settle(reject) })
      this.#channel.stdin.write(`${quote(words)}\necho ${marker}\necho --err ${marker}\n`)
    })
    return this.#onTrace ? this.#traced(words, answer, this.#onTrace) : answer
  }

  async #traced(words: readonly string[], answer: Promise<Answer>, onTrace: OnTrace): Promise<Answer> {
    const began = performance.now()
    const tell = (outcome: Label) =>
      onTrace({ host: this.#host, argv: ['virsh', ...words], ms: performance.now() - began, outcome })
    try {
      const { out, err } = await answer
      tell(err ? errorText(err) : say`${out.length} characters`)
      return { out, err }
    } catch (error) {
      tell(asHostError(error, this.#host).reason)
      throw error
    }
  }

  /** Ends the session. What is pending fails. */
  close(): void {
    this.#fail(new HostError('cancelled', this.#host, say`virsh was closed`))
  }

  #timedOut(words: readonly string[], timeout: number): HostError {
    const first = this.#pending[0]?.words ?? words
    return new HostError(
      'timeout',
      this.#host,
      say`virsh ${label(first[0] ?? '')} did not answer in ${timeout / 1000} s`,
    )
  }

  #fail(error: HostError): void {
    if (this.#failure) return
    this.#failure = error
    this.#channel.kill()
    for (const pending of this.#pending.splice(0)) pending.reject(error)
  }

  #take(from: 'out' | 'err', text: string): void {
    if (from === 'out') this.#out += text
    else this.#err += text
    if (this.#out.length + this.#err.length > answerLimit) {
      this.#fail(
        new HostError('overflow', this.#host, say`virsh said more than ${answerLimit / 2 ** 20} MiB`),
      )
      return
    }
    while (this.#answerFirst());
  }

  /** Answers the oldest command when both its markers are there. */
  #answerFirst(): boolean {
    const first = this.#pending[0]
    if (!first) return false
    const out = cutAtLine(this.#out, first.marker)
    const err = cutAtLine(this.#err, `error: ${first.marker}`)
    if (!out || !err) return false
    this.#pending.shift()
    this.#out = out.after
    this.#err = err.after
    first.resolve({ out: withoutPrompts(out.before), err: err.before.trim() })
    return true
  }
}

/** Splits at the first line that is exactly `line`. */
function cutAtLine(text: string, line: string): { before: string; after: string } | undefined {
  for (let at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + 1)) {
    const end = at + line.length
    if ((at === 0 || text[at - 1] === '\n') && text[end] === '\n')
      return { before: text.slice(0, at), after: text.slice(end + 1) }
  }
  return undefined
}

/** Without virsh's echo of what it was fed. */
function withoutPrompts(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^virsh [#>] /.test(line))
    .join('\n')
}

export function asHostError(error: unknown, host: string): HostError {
  if (error instanceof HostError) return error
  return new HostError('exec', host, label(error instanceof Error ? error.message : String(error)))
}
