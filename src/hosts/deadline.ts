/** Milliseconds: a timer that is late by more was not waited for by a process that could listen. */
const lag = 500

/**
 * Calls `late` when so many milliseconds are over in which this process could listen. One that was stopped, or got no time to work, finds that its timers are over
 * before it reads what came meanwhile: it waits anew, or every host at once would be said to be silent.
 *
 * @returns what calls it off
 */
export function deadline(milliseconds: number, late: () => void): () => void {
  let timer: NodeJS.Timeout
  const wait = () => {
    const due = performance.now() + milliseconds
    timer = setTimeout(() => (performance.now() - due < lag ? late() : wait()), milliseconds)
  }
  wait()
  return () => clearTimeout(timer)
}

/** Of the time that a silence may take, what all that is heard in between may take together. */
const longest = 6

/**
 * Calls `late` when nothing was heard for so many milliseconds, or when it goes on for six times as long: who is slow is not silent, and who only keeps one waiting is.
 *
 * @param heardAt when anything was heard last, by `performance.now()`
 * @returns what calls it off
 */
export function whenSilent(milliseconds: number, heardAt: () => number, late: () => void): () => void {
  const end = performance.now() + longest * milliseconds
  let callOff = () => {}
  const wait = (next: number) => {
    callOff = deadline(next, () => {
      const left = Math.min(heardAt() + milliseconds, end) - performance.now()
      if (left > 0) wait(left)
      else late()
    })
  }
  wait(milliseconds)
  return () => callOff()
}
