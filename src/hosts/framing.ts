/** How much one answer may be; what is more is none. */
export interface Bound {
  /** bytes */
  readonly length: number
  readonly lines: number
  /** what is more is let go up to its end, and does not end the conversation */
  readonly isOptional?: true
}

/** Enough for a table of ten thousand rows, and little enough that reading it does not keep the keys waiting. */
export const ordinary: Bound = { length: 2 ** 20, lines: 20_000 }

const lineFeed = 10
const lineBreak = Buffer.from('\n')

/**
 * Cuts what a program says into answers, each of which ends with a line that is known beforehand. Every byte is looked at
 * once, however small the pieces are in which it comes: whoever floods the console must not make it search all again for each piece.
 *
 * It works on bytes: most answers are those of a second ago, and are never made into text (`Answer.out`).
 */
export class Framing {
  /** what was searched and holds no end; the first byte of all is a line break, so that every line begins behind one */
  #searched: Buffer[] = []
  /** what may hold an end, or the beginning of one */
  #rest: Buffer = lineBreak
  #length = 0
  #lines = 0
  /** of what was searched so many pieces are counted in `#lines`, and so many bytes are not: no text has more lines than bytes, which mostly is enough to know */
  #counted = 0
  #uncounted = 0
  readonly #ends: { readonly text: Buffer; readonly bound: Bound }[] = []
  readonly #answers: (Buffer | undefined)[] = []

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
    this.#ends.push({ text: Buffer.from(`\n${line}\n`), bound })
  }

  take(piece: Buffer): void {
    if (this.#goesOnIn(piece)) this.#rest = Buffer.concat([this.#rest, piece])
    else {
      this.#put(this.#rest.length)
      this.#rest = piece
    }
    while (this.#cut());
    // The piece itself is not kept for the few bytes that are left of it.
    this.#rest = this.#rest.equals(lineBreak) ? lineBreak : Buffer.from(this.#rest)
  }

  /** Whether an end may begin in what is left and go on in this piece. A long piece is joined to that only where it does. */
  #goesOnIn(piece: Buffer): boolean {
    const end = this.#ends[0]?.text
    const most = (end?.length ?? 1) - 1
    if (piece.length <= most) return true
    return end !== undefined && Buffer.concat([this.#rest, piece.subarray(0, most)]).includes(end)
  }

  /** The oldest answer, without the line that ends it, and not in the memory of the pieces in which it came; `undefined`: it was more than it may be. */
  fetch(): Buffer | undefined {
    return this.#answers.shift()
  }

  /** All that was said and ended with no line. */
  remains(): string {
    return Buffer.concat([...this.#searched, this.#rest]).toString('utf8', 1)
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
    this.#answers.push(this.#isPassed ? undefined : Buffer.concat(this.#searched).subarray(1))
    this.#ends.shift()
    this.#searched = []
    this.#length = this.#lines = this.#counted = this.#uncounted = 0
    // The last line break of the end is the first one of what follows.
    this.#rest = this.#rest.subarray(end.length - 2)
    return true
  }

  /** Puts so many bytes to what was searched. */
  #put(count: number): void {
    if (!count) return
    const piece = this.#rest.subarray(0, count)
    this.#rest = this.#rest.subarray(count)
    this.#searched.push(piece)
    this.#length += count
    this.#uncounted += count
    if (this.#lines + this.#uncounted > this.#bound.lines) this.#count()
    if (!this.#isPassed || this.passed) return
    this.#searched = []
    this.#counted = this.#uncounted = 0
  }

  #count(): void {
    for (; this.#counted < this.#searched.length; this.#counted++) {
      const piece = this.#searched[this.#counted] ?? lineBreak
      for (let i = 0; i < piece.length; i++) if (piece[i] === lineFeed) this.#lines++
    }
    this.#uncounted = 0
  }
}
