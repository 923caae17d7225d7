/** How much one answer may be; what is more is none. */
export interface Bound {
  /** characters */
  readonly length: number
  readonly lines: number
  /** what is more is let go up to its end, and does not end the conversation */
  readonly isOptional?: true
}

/** Enough for a table of ten thousand rows, and little enough that reading it does not keep the keys waiting. */
export const ordinary: Bound = { length: 2 ** 20, lines: 20_000 }

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
  #lines = 0
  readonly #ends: { readonly text: string; readonly bound: Bound }[] = []
  readonly #answers: (string | undefined)[] = []

  /** The bound that is passed by what came behind the last end, where that is more than can be let go; `undefined`: none is. */
  get passed(): Bound | undefined {
    return this.#isPassed && !this.#bound.isOptional ? this.#bound : undefined
  }

  get #bound(): Bound {
    return this.#ends[0]?.bound ?? ordinary
  }

  get #isPassed(): boolean {
    return this.#length > this.#bound.length || this.#lines > this.#bound.lines
  }

  /** How many answers are there to be fetched. */
  get ready(): number {
    return this.#answers.length
  }

  /** One more answer is to come, and ends with this line. */
  expect(line: string, bound: Bound = ordinary): void {
    this.#ends.push({ text: `\n${line}\n`, bound })
  }

  take(piece: string): void {
    this.#rest += piece
    while (this.#cut());
  }

  /** The oldest answer, without the line that ends it; `undefined`: it was more than it may be. */
  fetch(): string | undefined {
    return this.#answers.shift()
  }

  /** All that was said and ended with no line. */
  remains(): string {
    return [...this.#searched, this.#rest].join('').slice(1)
  }

  #cut(): boolean {
    const end = this.#ends[0]?.text
    const at = end === undefined ? -1 : this.#rest.indexOf(end)
    if (end === undefined || at < 0) {
      this.#put(Math.max(0, this.#rest.length - (end?.length ?? 1)))
      return false
    }
    // The line break before the end belongs to the answer, the one that stands before all does not.
    this.#put(at + 1)
    if (this.passed) return false
    this.#answers.push(this.#isPassed ? undefined : this.#searched.join('').slice(1))
    this.#ends.shift()
    this.#searched = []
    this.#length = this.#lines = 0
    // The last line break of the end is the first one of what follows.
    this.#rest = this.#rest.slice(end.length - 2)
    return true
  }

  /** Puts so many characters to what was searched. */
  #put(count: number): void {
    const text = this.#rest.slice(0, count)
    this.#rest = this.#rest.slice(count)
    this.#searched.push(text)
    this.#length += text.length
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines++
    if (this.#isPassed && !this.passed) this.#searched = []
  }
}
