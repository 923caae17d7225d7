/** Who is told that something was read: everybody in a while, so that many hosts that answer at once are one call. */
export class Audience {
  readonly #every: number
  readonly #listeners = new Set<() => void>()
  readonly #newsListeners = new Set<() => void>()
  #telling: NodeJS.Timeout | undefined
  /** something of what they are to be told is news */
  #isNews = false

  /** @param every they are told at most once in so many milliseconds */
  constructor(every: number) {
    this.#every = every
  }

  /** Is called for whatever was read. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Is called for news alone. */
  onNews(listener: () => void): () => void {
    this.#newsListeners.add(listener)
    return () => this.#newsListeners.delete(listener)
  }

  tell(isNews: boolean): void {
    this.#isNews ||= isNews
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      for (const listener of this.#listeners) listener()
      if (!this.#isNews) return
      this.#isNews = false
      for (const listener of this.#newsListeners) listener()
    }, this.#every)
  }

  /** Nobody is told any more. */
  leave(): void {
    clearTimeout(this.#telling)
  }
}

/** Resolves with what is found, now or when there is something new; rejects with the signal's reason. */
export function untilFound<T>(
  subscribe: (check: () => void) => () => void,
  find: () => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      unsubscribe()
      signal.removeEventListener('abort', abort)
      settle()
    }
    const check = () => {
      const found = find()
      if (found !== undefined) finish(() => resolve(found))
    }
    const abort = () => finish(() => reject(signal.reason))
    const unsubscribe = subscribe(check)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    else check()
  })
}
