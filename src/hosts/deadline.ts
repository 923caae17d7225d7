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
