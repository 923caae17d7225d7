/** Milliseconds between two answers; a little less than three looks of a second. */
const every = 2_700
/** Milliseconds of asking at each look: rates take two answers, and who has just come waits for them. */
const atFirst = 2_000

/** What is not asked at each look, since it moves slowly or is long: meanwhile the last answer stands, with the moment of its own. */
export class Seldom<T> {
  readonly #now: () => number
  #last: { readonly value: T; readonly at: number } | undefined
  #firstAt: number | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** The answer and when it came, in milliseconds; asks when it is time to. Rejects as the question does, and is then asked at the next look. */
  async ask(question: () => Promise<T>): Promise<{ readonly value: T; readonly at: number }> {
    if (this.#last && !this.#isDue(this.#last.at)) return this.#last
    const value = await question()
    const answer = { value, at: this.#now() }
    this.#last = answer
    this.#firstAt ??= answer.at
    return answer
  }

  #isDue(lastAt: number): boolean {
    const now = this.#now()
    return now - lastAt >= every || now - (this.#firstAt ?? now) < atFirst
  }

  /** What was known is not true any more. */
  forget(): void {
    this.#last = this.#firstAt = undefined
  }
}
