import { randomBytes } from 'node:crypto'
import type { Telling, Told } from '../broker/teller.ts'
import type { TextSession } from './surroundings.ts'

type How = NonNullable<Telling['how']>

interface Options {
  readonly command: TextSession['command']
  /** on which machine, as which system */
  readonly about: Pick<Telling, 'machine' | 'system'>
  readonly terminal: () => Promise<string>
  /** tells the account of the broker */
  readonly tell: (telling: Telling) => Promise<Told>
  /** names the process of the desk by the machine that it shows */
  readonly call: (machine?: string) => void
}

/** Milliseconds between two words that it is still there: of what was not heard for half an hour the end is not known. */
const aliveEvery = 5 * 60_000

/** ssh(1) ends with 255 where it came to no session, or lost it. */
const noSession = 255

/** A text session by ssh, which only the desk sees begin and end: so the desk keeps its account. */
export class AccountedSession implements TextSession {
  readonly command: TextSession['command']
  readonly #options: Options
  readonly #channel = newId()
  #timer: NodeJS.Timeout | undefined
  /** one after the other: an end that is told before its start is none */
  #told: Promise<unknown> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
    this.command = options.command
  }

  begin(): void {
    this.#options.call(this.#options.about.machine)
    this.#tell('start')
    this.#timer = setInterval(() => this.#tell('alive'), aliveEvery)
  }

  async end(code: number | undefined): Promise<void> {
    clearInterval(this.#timer)
    this.#options.call()
    this.#tell('end', code === undefined || code === noSession ? 'lost' : 'ended')
    await this.#told
  }

  #tell(what: Telling['what'], how?: How): void {
    const { about, terminal, tell } = this.#options
    const telling = { what, channel: this.#channel, session: 'ssh', ...about, ...(how ? { how } : {}) }
    const told = async () => await tell({ ...telling, terminal: await terminal() })
    this.#told = this.#told.then(told).catch(() => {})
  }
}

/** A name as the channels of displays have them: 30 bits, of which nobody has two at once. */
function newId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(6), (byte) => letters[byte & 31]).join('')
}
