import { orAborted } from './abort.ts'

/** A fair bound on how many things happen at once: whoever came first goes first. */
export class Slots {
  readonly #queue: (() => void)[] = []
  #free: number

  constructor(count: number) {
    this.#free = count
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#queue.length
  }

  /**
   * Waits for a slot and returns the function that gives it back; giving back twice is harmless.
   * @throws the signal's reason when it is aborted before a slot came free
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return this.#giveBackOnce()
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#queue.push(resolve)
    try {
      await orAborted(promise, signal)
    } catch (error) {
      this.#leave(resolve)
      throw error
    }
    return this.#giveBackOnce()
  }

  /** Leaves the queue; a slot that was handed over in the same moment goes to the next in line. */
  #leave(turn: () => void): void {
    const place = this.#queue.indexOf(turn)
    if (place >= 0) this.#queue.splice(place, 1)
    else this.#giveBack()
  }

  #giveBackOnce(): () => void {
    let held = true
    return () => {
      if (held) this.#giveBack()
      held = false
    }
  }

  #giveBack(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#free++
  }
}
