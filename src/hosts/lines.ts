/** Cuts what comes in pieces into lines. Each character is looked at once; a line that is longer than the bound is left out. */
export class Lines {
  readonly #longest: number
  /** of the line that has not ended */
  #pieces: string[] = []
  #length = 0
  #tooLong = 0

  /** @param longest characters */
  constructor(longest: number) {
    this.#longest = longest
  }

  get #isTooLong(): boolean {
    return this.#length > this.#longest
  }

  /** How many lines were too long so far, with the one that has not ended. */
  get tooLong(): number {
    return this.#tooLong
  }

  /** The lines that end in this piece. */
  take(piece: string): string[] {
    const [first = '', ...lines] = piece.split('\n')
    this.#add(first)
    return lines.flatMap((line) => {
      const whole = this.#isTooLong ? [] : [this.#pieces.join('')]
      this.#pieces = []
      this.#length = 0
      this.#add(line)
      return whole
    })
  }

  #add(text: string): void {
    const wasTooLong = this.#isTooLong
    this.#length += text.length
    if (this.#isTooLong && !wasTooLong) this.#tooLong++
    if (this.#isTooLong) this.#pieces = []
    else this.#pieces.push(text)
  }
}
