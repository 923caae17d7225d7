import type { Pen } from './row-painter.ts'

/** Bytes of saving a place, and of coming back to it (DECSC, DECRC). */
const costOfSaving = 2

/** A place that is not come back to within so many frames is no habit. */
const habit = 3

/** What a saved place is worth becomes so much less with each frame in which nobody comes back to it. */
const fading = 0.8

/** A place to which the pen came, in this style, and the bytes that it would have spared had it been saved. */
interface Visit extends Pen {
  readonly spared: number
}

/** Finds the place to which the pen comes back frame after frame at the highest cost: the seconds of a clock. */
export class Returns {
  /** for each row where its last change began, and in which frame */
  readonly #began = new Map<
    number,
    { readonly column: number; readonly style: number; readonly frame: number }
  >()
  #frame = 0
  /** bytes that the place that is saved spares */
  #worth = 0
  /** the dearest place of the last frame that was come back to, and of this one */
  #wanted: Visit | undefined
  #dearest: Visit | undefined

  nextFrame(): void {
    this.#frame++
    this.#worth *= fading
    const dearest = this.#dearest
    this.#wanted = dearest && dearest.spared > this.#worth + 2 * costOfSaving ? dearest : undefined
    this.#dearest = undefined
  }

  /** Nothing is saved any more. */
  forget(): void {
    this.#worth = 0
  }

  /** The pen comes to a place by so many bytes; `saved`: that which is saved. Whether this one is to be saved instead. */
  isToBeSaved(pen: Pen, bytes: number, saved: Pen | undefined): boolean {
    const { row, column } = pen.place
    const before = this.#began.get(row)
    this.#began.set(row, { column, style: pen.style, frame: this.#frame })
    const visit = { ...pen, spared: bytes - costOfSaving }
    if (isSame(visit, saved)) {
      this.#worth = Math.max(this.#worth, visit.spared)
      return false
    }
    if (isSame(visit, this.#wanted)) {
      this.#worth = visit.spared
      return true
    }
    const isHabit =
      before?.column === column && before.style === pen.style && before.frame >= this.#frame - habit
    if (isHabit && visit.spared > (this.#dearest?.spared ?? 0)) this.#dearest = visit
    return false
  }
}

function isSame(a: Pen, b: Pen | undefined): boolean {
  return b?.place.row === a.place.row && b.place.column === a.place.column && b.style === a.style
}
