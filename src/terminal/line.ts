import type { Wire } from './tty.ts'
import { wireLength } from './wire-length.ts'

/** The clock, so that tests have their own. Milliseconds. */
export interface Clock {
  now(): number
  /** Calls back once; returns what takes that back. */
  after(milliseconds: number, call: () => void): () => void
}

export const realClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds)
    return () => clearTimeout(timer)
  },
}

/** Bits on the line for a byte: start, eight, stop. */
const bitsPerByte = 10

/** The next bytes are handed over this long before the last ones are through, so that the line does not run dry. */
const lead = 10

/** How often a terminal that takes nothing (stopped by XOFF, or full) is asked again. */
const patience = 20

/**
 * A line of some speed. It takes one lot of bytes at a time and says when the next may come: when the last one is through as far as
 * the speed tells. So nothing waits in the kernel that is old when it is sent.
 */
export class Line {
  readonly #wire: Wire
  readonly #clock: Clock
  /** bytes a millisecond */
  readonly #rate: number
  #rest: Uint8Array = new Uint8Array()
  #through = 0
  #cancel: (() => void) | undefined
  /** the line may be given bytes */
  onFree: () => void = () => {}
  /** the terminal has gone */
  onGone: (error: unknown) => void = () => {}
  /** bytes that were sent since the beginning */
  sent = 0

  /** `baud`: bits a second; Infinity: as fast as the terminal takes them. */
  constructor(wire: Wire, baud: number, clock: Clock = realClock) {
    this.#wire = wire
    this.#clock = clock
    this.#rate = baud / bitsPerByte / 1000
  }

  get isFree(): boolean {
    return !this.#cancel
  }

  /** All that was sent is at the terminal, as far as the speed tells. */
  get isThrough(): boolean {
    return !this.#rest.length && this.#clock.now() >= this.#through - lead
  }

  /** The bytes that go over the line in this time. */
  bytesIn(milliseconds: number): number {
    return this.#rate * milliseconds
  }

  /** The time that bytes take, in milliseconds. */
  timeOf(bytes: number): number {
    return bytes / this.#rate
  }

  /** Only when it is free. */
  send(text: string): void {
    const length = wireLength(text)
    this.sent += length
    this.#through = Math.max(this.#clock.now(), this.#through) + this.timeOf(length)
    this.#rest = Buffer.from(text)
    this.#push()
  }

  /** Nothing more is sent, and nobody is called. Returns whether something was left that was to be sent. */
  stop(): boolean {
    const isCut = this.#rest.length > 0
    this.#cancel?.()
    this.#cancel = undefined
    this.#rest = new Uint8Array()
    return isCut
  }

  #push(): void {
    try {
      this.#rest = this.#rest.subarray(this.#wire.write(this.#rest))
    } catch (error) {
      this.stop()
      this.onGone(error)
      return
    }
    const wait = this.#through - lead - this.#clock.now()
    if (this.#rest.length) this.#wait(patience, () => this.#push())
    else this.#wait(Math.max(0, wait), () => this.onFree())
  }

  #wait(milliseconds: number, call: () => void): void {
    this.#cancel = this.#clock.after(milliseconds, () => {
      this.#cancel = undefined
      call()
    })
  }
}
