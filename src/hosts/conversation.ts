import { randomBytes } from 'node:crypto'
import { deadline } from './deadline.ts'
import { type Bound, Framing } from './framing.ts'
import { type Channel, type Host, HostError, type OnTrace } from './host.ts'
import { type Label, label, type Raw, say } from './label.ts'

/** What a program said to one command. */
export class Answer {
  /** what it said on standard output, as it came: to be held against the answer before, which costs less than to read it */
  readonly bytes: Buffer
  readonly err: string
  /** there was more on standard output than is taken of this command: none of it is here */
  readonly isTooLong: boolean
  #out: string | undefined

  constructor(bytes: Buffer | undefined, err: string) {
    this.bytes = bytes ?? Buffer.alloc(0)
    this.err = err
    this.isTooLong = bytes === undefined
  }

  /** The same as text. */
  get out(): string {
    this.#out ??= this.bytes.toString()
    return this.#out
  }
}

/** How a program that stays is fed, and how it is heard. */
export interface Manner {
  /** what it is called in errors */
  readonly program: string
  /** Text that makes it run one command, and then say the marker in a line of its own on both outputs. */
  feed(words: readonly Raw[], marker: string): string
  /** the line with the marker on standard error; on standard output it is the marker itself */
  errorLine(marker: string): string
  /** how much the answer to a command may be; default: `ordinary` */
  bound?(words: readonly Raw[]): Bound | undefined
  /** why it ended by itself, by its last words */
  ended(host: string, err: string): HostError
  /** what an answer comes to, in a few words, for the trace */
  outcome(answer: Answer): Label
}

interface Pending {
  readonly words: readonly Raw[]
  resolve(answer: Answer): void
  reject(error: HostError): void
}

/**
 * One program that stays on a host, fed on its standard input: an answer costs milliseconds instead of a new process and a
 * new connection. Each command is followed by a marker on both outputs, which tells where its answer ends.
 */
export class Conversation {
  readonly #manner: Manner
  readonly #channel: Channel
  readonly #host: string
  readonly #onTrace: OnTrace | undefined
  #pending: Pending[] = []
  readonly #out = new Framing()
  readonly #err = new Framing()
  #serial = 0
  /** what is not written yet */
  #unfed = ''
  #failure: HostError | undefined
  /** Nobody on the host can forge a marker that is new in each conversation. */
  readonly #nonce = randomBytes(6).toString('hex')

  constructor({ name, onTrace }: Host, channel: Channel, manner: Manner) {
    this.#host = name
    this.#onTrace = onTrace
    this.#channel = channel
    this.#manner = manner
    channel.stdout.on('data', (data: Buffer) => this.#take(this.#out, data))
    channel.stderr.on('data', (data: Buffer) => this.#take(this.#err, data))
    channel.stdin.on('error', () => {}) // told by `ended`
    channel.ended.then(
      () => this.#fail(manner.ended(name, this.#err.remains())),
      (error: unknown) => this.#fail(asHostError(error, name)),
    )
  }

  get closed(): boolean {
    return this.#failure !== undefined
  }

  /**
   * Runs one command; commands that are given at once are answered in order. After `timeout` milliseconds the whole
   * conversation is ended (the program does one thing at a time, so what is behind a hung command hangs too) and every pending
   * command fails with a `HostError`.
   */
  command(words: readonly Raw[], timeout: number): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure)
    const marker = `__vdd_${this.#nonce}_${++this.#serial}__`
    const answer = new Promise<Answer>((resolve, reject) => {
      const callOff = deadline(timeout, () => this.#fail(this.#timedOut(words, timeout)))
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          callOff()
          then(value)
        }
      this.#out.expect(marker, this.#manner.bound?.(words))
      this.#err.expect(this.#manner.errorLine(marker))
      this.#pending.push({ words, resolve: settle(resolve), reject: settle(reject) })
      this.#feed(this.#manner.feed(words, marker))
    })
    return this.#onTrace ? this.#traced(words, answer, this.#onTrace) : answer
  }

  async #traced(words: readonly Raw[], answer: Promise<Answer>, onTrace: OnTrace): Promise<Answer> {
    const began = performance.now()
    const { program } = this.#manner
    const tell = (outcome: Label) =>
      onTrace({ host: this.#host, argv: [program, ...words], ms: performance.now() - began, outcome })
    try {
      const said = await answer
      tell(this.#manner.outcome(said))
      return said
    } catch (error) {
      tell(asHostError(error, this.#host).reason)
      throw error
    }
  }

  /** What is given at once is written at once. */
  #feed(text: string): void {
    if (!this.#unfed) queueMicrotask(() => this.#write())
    this.#unfed += text
  }

  #write(): void {
    if (!this.#failure) this.#channel.stdin.write(this.#unfed)
    this.#unfed = ''
  }

  /** Ends the program. What is pending fails. */
  close(): void {
    this.#fail(new HostError('cancelled', this.#host, say`${label(this.#manner.program)} was closed`))
  }

  #timedOut(words: readonly Raw[], timeout: number): HostError {
    const first = this.#pending[0]?.words ?? words
    const what = say`${label(this.#manner.program)} ${label(first[0] ?? '')}`
    return new HostError('timeout', this.#host, say`${what} did not answer in ${timeout / 1000} s`)
  }

  #fail(error: HostError): void {
    if (this.#failure) return
    this.#failure = error
    this.#channel.kill()
    for (const pending of this.#pending.splice(0)) pending.reject(error)
  }

  #take(from: Framing, data: Buffer): void {
    if (this.#failure) return
    from.take(data)
    // The oldest command is answered when both its ends are there.
    while (this.#out.ready && this.#err.ready) {
      const answer = new Answer(this.#out.fetch(), this.#err.fetch()?.toString() ?? '')
      this.#pending.shift()?.resolve(answer)
    }
    const { passed } = from
    if (!passed) return
    const much = say`${passed.length / 2 ** 20} MiB or ${passed.lines} lines`
    const reason = say`${label(this.#manner.program)} said more than ${much}`
    this.#fail(new HostError('overflow', this.#host, reason))
  }
}

export function asHostError(error: unknown, host: string): HostError {
  if (error instanceof HostError) return error
  return new HostError('exec', host, label(error instanceof Error ? error.message : String(error)))
}
