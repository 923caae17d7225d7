import { EventEmitter } from 'node:events'
import type { Adapt } from './adapt.ts'
import type { Frame } from './painter.ts'
import { Sheet } from './sheet.ts'

/**
 * Stands in for standard output where Ink draws. What Ink writes is kept as cells; whoever owns the canvas is told of each frame, when
 * all that belongs to it has been written.
 */
export class Canvas extends EventEmitter {
  readonly isTTY = true
  readonly writable = true
  readonly #adapt: Adapt
  readonly #onFrame: (frame: Frame) => void
  #sheet: Sheet
  readonly #markOf: () => number
  #mark = 0
  #isDue = false

  /** `markOf`: which state of the program is being drawn. */
  constructor(
    columns: number,
    rows: number,
    adapt: Adapt,
    onFrame: (frame: Frame) => void,
    markOf: () => number = () => 0,
  ) {
    super()
    this.#markOf = markOf
    this.#adapt = adapt
    this.#onFrame = onFrame
    this.#sheet = new Sheet(columns, rows, adapt)
  }

  get columns(): number {
    return this.#sheet.columns
  }

  get rows(): number {
    return this.#sheet.rows
  }

  /**
   * An empty canvas of the new size. Who draws is told that it is empty (`emptied`) before it is told of the size: of a window that was made
   * smaller and large again Ink would find the same frame, and not draw it.
   */
  resize(columns: number, rows: number): void {
    this.#sheet = new Sheet(columns, rows, this.#adapt)
    this.emit('emptied')
    this.emit('resize')
  }

  write(text: string, ...rest: unknown[]): boolean {
    this.#sheet.write(text)
    this.#mark = this.#markOf()
    if (!this.#isDue) {
      this.#isDue = true
      // Ink erases and draws in several writes; and a key may come between drawing and painting.
      setImmediate(() => this.#tell())
    }
    const written = rest.at(-1)
    if (typeof written === 'function') queueMicrotask(() => written())
    return true
  }

  #tell(): void {
    this.#isDue = false
    const { focus } = this.#sheet
    this.#onFrame({
      grid: this.#sheet.grid(),
      mark: this.#mark,
      typing: focus?.typing ?? false,
      ...(focus ? { cursor: { row: focus.row, column: focus.column } } : {}),
    })
  }
}
