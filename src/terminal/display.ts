import { type Grid, type Row, sameRow } from './grid.ts'
import type { Clock, Line } from './line.ts'
import { realClock } from './line.ts'
import type { Frame, Painter } from './painter.ts'

/** A portion keeps the line busy for about this long; a key that comes meanwhile is answered after it. Milliseconds. */
const portionTime = 60

/** Until this long after a key the line is the person's: nothing rests. */
const attention = 1000

/** After a refresh the line rests for so many times as long as that took, so that a slow line is never full of numbers. */
const restFactor = 3
const longestRest = 15_000

/**
 * Brings the newest frame to the terminal. Frames in between are never sent; a long repaint goes in portions, and before each the
 * newest frame is looked at anew: what answers a key comes before the rest.
 */
export class Display {
  readonly #line: Line
  readonly #clock: Clock
  #painter: Painter
  #frame: Frame | undefined
  /** the newest frame when the last key came, with the time of it */
  #asked: { readonly grid: Grid | undefined; readonly at: number } = {
    grid: undefined,
    at: Number.NEGATIVE_INFINITY,
  }
  #restUntil = 0
  /** the frame that is being painted, and what had been sent when that began */
  #painting: { readonly frame: Frame; readonly from: number } | undefined
  #wake: (() => void) | undefined
  #paused = false
  #idle: (() => void)[] = []
  /** the mark of the newest frame that was given to the line whole, and that before what the line is busy with */
  #whole = { now: 0, before: 0 }

  constructor(line: Line, painter: Painter, clock: Clock = realClock) {
    this.#line = line
    this.#clock = clock
    this.#painter = painter
    line.onFree = () => this.#advance()
  }

  /** The mark of the newest frame that is through whole. By the clock, not by a call back: the answer to it may be quicker. */
  get painted(): number {
    return this.#line.isThrough ? this.#whole.now : this.#whole.before
  }

  /** The newest frame; all that were not sent yet are forgotten. */
  show(frame: Frame): void {
    this.#frame = frame
    this.#advance()
  }

  /** Something happened that a person should see: the line does not rest before it is sent. */
  hasten(): void {
    this.#restUntil = 0
  }

  /** A key was pressed: what changes now is the answer to it. */
  hurry(): void {
    this.#asked = { grid: this.#frame?.grid, at: this.#clock.now() }
  }

  /** The terminal may show anything: all is painted anew, by this painter if there is a new one. */
  repaint(painter?: Painter): void {
    this.#whole = { now: 0, before: 0 }
    if (painter) {
      this.#painter = painter
      this.#frame = undefined
    }
    this.#painting = undefined
    this.#painter.forget()
    this.hurry()
    this.#advance()
  }

  /** Sends nothing more until `resume`. */
  pause(): void {
    this.#paused = true
    this.#wake?.()
    this.#wake = undefined
  }

  resume(): void {
    this.#paused = false
    this.repaint()
  }

  /** Resolves when nothing is left to send, or nothing may be sent. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#advance()
    })
  }

  #advance(): void {
    this.#wake?.()
    this.#wake = undefined
    if (!this.#line.isFree) return
    const newest = this.#frame
    if (!newest || this.#paused || this.#painter.isDone(newest)) return this.#done()
    const now = this.#clock.now()
    const attended = now < this.#asked.at + attention
    // What was begun is finished, and then the line rests; else numbers that change faster than they are sent would fill it for ever.
    if (this.#painting && !attended && this.#painter.isDone(this.#painting.frame)) this.#rest()
    if (!this.#painting && !attended && now < this.#restUntil) {
      this.#wake = this.#clock.after(this.#restUntil - now, () => this.#advance())
      return
    }
    const frame = this.#painting && !attended ? this.#painting.frame : newest
    this.#painting = { frame, from: this.#painting?.from ?? this.#line.sent }
    const portion = this.#line.bytesIn(portionTime)
    const bytes = this.#painter.next(
      frame,
      this.#first(frame),
      portion,
      attended ? this.#asked.grid : undefined,
    )
    const before = this.#whole.now
    this.#whole = { now: this.#painter.isDone(frame) ? (frame.mark ?? 0) : before, before }
    this.#line.send(bytes)
  }

  #rest(): void {
    if (!this.#painting) return
    const took = this.#line.timeOf(this.#line.sent - this.#painting.from)
    this.#restUntil = this.#clock.now() + Math.min(longestRest, restFactor * took)
    this.#painting = undefined
  }

  #done(): void {
    this.#rest()
    if (this.#frame && this.#painter.isDone(this.#frame)) this.#whole.now = this.#frame.mark ?? 0
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }

  /** The rows that come first: where the person looks, then what answers the last key. */
  #first({ grid, cursor }: Frame): number[] {
    const first = cursor ? [cursor.row] : []
    const { grid: before, at } = this.#asked
    if (!before || before.length !== grid.length || this.#clock.now() > at + attention) return first
    const answers = [...grid.keys()].filter((row) => !sameRow(grid[row] as Row, before[row] as Row))
    // The selection first, and what it left.
    const distance = (row: number) => Math.abs(row - (cursor?.row ?? 0))
    return [...first, ...answers.sort((a, b) => distance(a) - distance(b))]
  }
}
