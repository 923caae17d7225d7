/** The pause between two looks. Whoever asks for a look shortens it, but a burst of them still becomes one look. */
export class Pause {
  /** milliseconds in which the rest of a burst may come */
  readonly #merge: number
  #asked = false
  /** ends the pause that is under way after so many milliseconds */
  #wake: ((milliseconds: number) => void) | undefined

  constructor(merge: number) {
    this.#merge = merge
  }

  /** A look begins: what is asked for from now on, it may have missed. */
  lookBegins(): void {
    this.#asked = false
  }

  /** Asks for a look: after the burst, or right after the look that is under way. */
  shorten(): void {
    if (this.#asked) return
    this.#asked = true
    this.#wake?.(this.#merge)
  }

  end(): void {
    this.#wake?.(0)
  }

  rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#wake = undefined
        resolve()
      }
      let timer = setTimeout(done, this.#asked ? this.#merge : Math.max(this.#merge, milliseconds))
      this.#wake = (sooner) => {
        clearTimeout(timer)
        timer = setTimeout(done, sooner)
      }
    })
  }
}
