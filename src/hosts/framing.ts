/**
 * Cuts what a program says into answers, each of which ends with a line that is known beforehand. Every character is looked at
 * once, however small the pieces are in which it comes: whoever floods the console must not make it search all again for each piece.
 */
export class Framing {
  /** what was searched and holds no end; the first character of all is a line break, so that every line begins behind one */
  #searched: string[] = []
  /** what may hold an end, or the beginning of one */
  #rest = '\n'
  #length = 0
  readonly #ends: string[] = []
  readonly #answers: string[] = []

  /** Characters that were said and not yet fetched. */
  get length(): number {
    return this.#length
  }

  /** How many answers are there to be fetched. */
  get ready(): number {
    return this.#answers.length
  }

  /** One more answer is to come, and ends with this line. */
  expect(line: string): void {
    this.#ends.push(`\n${line}\n`)
  }

  take(piece: string): void {
    this.#length += piece.length
    this.#rest += piece
    while (this.#cut());
  }

  /** The oldest answer, without the line that ends it. */
  fetch(): string | undefined {
    const answer = this.#answers.shift()
    this.#length -= answer?.length ?? 0
    return answer
  }

  /** All that was said and ended with no line. */
  remains(): string {
    return [...this.#searched, this.#rest].join('').slice(1)
  }

  #cut(): boolean {
    const end = this.#ends[0]
    const at = end === undefined ? -1 : this.#rest.indexOf(end)
    if (end === undefined || at < 0) {
      const searched = Math.max(0, this.#rest.length - (end?.length ?? 1))
      this.#searched.push(this.#rest.slice(0, searched))
      this.#rest = this.#rest.slice(searched)
      return false
    }
    this.#ends.shift()
    // The line break before the end belongs to the answer, the one that stands before all does not.
    this.#answers.push([...this.#searched, this.#rest.slice(0, at + 1)].join('').slice(1))
    this.#searched = []
    this.#length -= end.length - 1
    this.#rest = this.#rest.slice(at + end.length - 1)
    return true
  }
}
