/**
 * A line of text as one character. Layout engines take every character of a screen apart at each frame, which for Ink is two thirds of
 * its work; a stamp they carry along as one, and the sheet puts the line in its place.
 *
 * Stamps are of a private use area, which text from outside never holds (`label()` shows such characters by their number).
 */

/** Supplementary Private Use Area-A begins here (The Unicode Standard, 23.5), and goes on for so many characters. */
const first = 0xf0000
const count = 0xfffe

const lines: (string | undefined)[] = []
const free: number[] = []

/**
 * The stamp of one place that shows a line. It has two characters that take turns, so that whoever carries them along sees that the line
 * has become another.
 */
export class Stamp {
  readonly #number: number
  #line: string | undefined
  #turn = 0

  constructor() {
    const number = free.pop() ?? lines.length
    if (number + 1 >= count) throw new Error('more lines than there are stamps')
    lines[number] ??= ''
    lines[number + 1] ??= ''
    this.#number = number
  }

  /** The character that stands for this line. */
  of(line: string): string {
    if (line !== this.#line) {
      this.#turn = 1 - this.#turn
      this.#line = line
      lines[this.#number + this.#turn] = line
    }
    return String.fromCodePoint(first + this.#number + this.#turn)
  }

  /** The place is gone. */
  release(): void {
    free.push(this.#number)
  }
}

/** The line of a stamp; undefined: it is none. */
export function lineOf(character: string): string | undefined {
  const number = (character.codePointAt(0) ?? 0) - first
  return number >= 0 ? lines[number] : undefined
}

/** A text with all its stamps replaced by their lines. */
export function unstamped(text: string): string {
  return text.replace(/[\u{f0000}-\u{ffffd}]/gu, (character) => lineOf(character) ?? '')
}
