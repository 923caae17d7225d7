import type { Answer } from './conversation.ts'

/** What was read of the last answer to a question that is asked again and again: one that is the same, byte for byte, is not read again. */
export class LastRead<T> {
  readonly #read: (text: string) => T
  #last: { readonly bytes: Buffer; readonly value: T } | undefined

  /** @param read makes something of the text of an answer, and of nothing else */
  constructor(read: (text: string) => T) {
    this.#read = read
  }

  /** The same value as before when the answer is the same. */
  of(answer: Answer): T {
    const { bytes } = answer
    if (!this.#last?.bytes.equals(bytes)) this.#last = { bytes: alone(bytes), value: this.#read(answer.out) }
    return this.#last.value
  }
}

/** A copy in memory of its own: short buffers share some, and one that is kept would keep all of that. */
function alone(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}
