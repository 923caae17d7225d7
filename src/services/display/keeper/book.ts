import { type ChannelState, channelSchema, longestTrouble } from '../channel.ts'
import type { ChannelFiles } from '../here/files.ts'

/** What is known of a channel, and written down for all who look. */
export class ChannelBook {
  readonly #files: ChannelFiles
  #state: ChannelState
  #writing: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(files: ChannelFiles, state: ChannelState) {
    this.#files = files
    this.#state = state
  }

  get state(): ChannelState {
    return this.#state
  }

  /**
   * Writes down what has changed. Nothing depends on it here, so a full disk ends no session. What nobody could read is left out: a machine that tells nonsense would
   * hide the channel from its person, and from operators.
   */
  async tell(news: Partial<ChannelState>): Promise<void> {
    this.#state = { ...this.#state, ...readable(news) }
    const state = this.#state
    if (this.#isClosed) return
    this.#writing = this.#writing.then(() => this.#files.write(state)).catch(() => {})
    await this.#writing
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
