import { type ChannelState, channelSchema, longestTrouble } from '../channel.ts'
import type { ChannelFiles } from '../here/files.ts'

/** What is known of a channel, and written down for all who look. */
export class ChannelBook {
  readonly #files: Pick<ChannelFiles, 'write' | 'remove'>
  readonly #complain: (why: string) => void
  #state: ChannelState
  #writing: Promise<void> = Promise.resolve()
  #isFailing = false
  #isClosed = false

  /** @param complain is told why nothing can be written, once until something can be again */
  constructor(
    files: Pick<ChannelFiles, 'write' | 'remove'>,
    state: ChannelState,
    complain: (why: string) => void = () => {},
  ) {
    this.#files = files
    this.#state = state
    this.#complain = complain
  }

  get state(): ChannelState {
    return this.#state
  }

  /**
   * Writes down what has changed. Nothing depends on it here, so a full disk ends no session. What nobody could read is left out: a machine that tells nonsense would
   * hide the channel from its person, and from operators.
   */
  async tell(news: Partial<ChannelState>): Promise<void> {
    await this.write(news).catch(() => {})
  }

  /** The same where something does depend on it. @throws it could not be written */
  async write(news: Partial<ChannelState>): Promise<void> {
    this.#state = { ...this.#state, ...readable(news) }
    const state = this.#state
    if (this.#isClosed) return
    const written = this.#writing.then(() => this.#files.write(state))
    this.#writing = written.then(
      () => {
        this.#isFailing = false
      },
      (error: Error) => {
        if (!this.#isFailing) this.#complain(error.message)
        this.#isFailing = true
      },
    )
    await written
  }

  /** Takes it away; nothing is written after it. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#writing
    await this.#files.remove().catch(() => {})
  }
}

function readable(news: Partial<ChannelState>): Partial<ChannelState> {
  const { trouble } = news
  const all = { ...news, ...(trouble && { trouble: trouble.slice(0, longestTrouble) }) }
  const parts = Object.entries(all).filter(
    ([key, value]) => channelSchema.shape[key as keyof ChannelState].safeParse(value).success,
  )
  return Object.fromEntries(parts)
}
