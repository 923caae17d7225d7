/** Work that can be laid down for a moment: it yields where it may be interrupted, and returns what it made. */
export type Steps<T> = Generator<void, T>

/** Milliseconds of work after which others have their turn: keys, and other hosts. */
const slice = 10

/** Does the work in one go, however long it takes. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Who waits for a turn. */
const waiting: (() => void)[] = []
/** when the turn that is given ends, in milliseconds of `performance.now()` */
let end = Number.NEGATIVE_INFINITY

/**
 * Does the work a slice at a time, so that what a host says does not keep the keys waiting, however much it is. All such work shares one
 * slice in a turn of the loop: a hundred answers that come in one piece cost no more of it than one does.
 */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    if (performance.now() >= end) await turn()
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same for work that goes by itself: waits until what it has set going is done, and then until there is time. */
export async function forSlice(): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve))
  if (performance.now() >= end) await turn()
}

/** Ends the turn that is given: one that began by another clock, as tests set it, would not end for long. */
export function endTurn(): void {
  end = Number.NEGATIVE_INFINITY
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(begin)
  })
}

function begin(): void {
  end = performance.now() + slice
  waiting.shift()?.()
  if (waiting.length) setImmediate(begin)
}
