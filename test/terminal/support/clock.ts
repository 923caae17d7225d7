import type { Clock } from '../../../src/terminal/line.ts'
import type { Wire } from '../../../src/terminal/tty.ts'

/** A clock that goes when it is told to. */
export class TestClock implements Clock {
  #now = 0
  #due: { at: number; call: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(milliseconds: number, call: () => void): () => void {
    const one = { at: this.#now + milliseconds, call }
    this.#due.push(one)
    return () => {
      this.#due = this.#due.filter((other) => other !== one)
    }
  }

  /** Lets time pass; what is due happens in its order. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#due = this.#due.filter((other) => other !== next)
      this.#now = Math.max(this.#now, next.at)
      next.call()
    }
    this.#now = end
  }
}

/** A terminal that takes as many bytes as it is told to. */
export class TestWire implements Wire {
  text = ''
  /** bytes that it takes from now on; Infinity: all */
  room = Number.POSITIVE_INFINITY
  gone = false

  write(bytes: Uint8Array): number {
    if (this.gone) throw Object.assign(new Error('write EIO'), { code: 'EIO' })
    const count = Math.min(this.room, bytes.length)
    this.room -= count
    this.text += Buffer.from(bytes.subarray(0, count)).toString()
    return count
  }
}
