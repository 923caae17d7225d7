import { setImmediate as others } from 'node:timers/promises'

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

/** Does the work a slice at a time, so that what a host says does not keep the keys waiting, however much it is. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (let end = performance.now() + slice; ; ) {
    const { done, value } = steps.next()
    if (done) return value
    if (performance.now() < end) continue
    await others()
    end = performance.now() + slice
  }
}
