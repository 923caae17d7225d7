/** How long anything may take, in ms: a bound for what never comes, not for what is slow on a busy machine. */
export const patience = 120_000

/**
 * Waits until a probe gives something other than `undefined` or `false`, and returns it. A probe that throws counts
 * as not yet, and its last error is told when the time is over.
 *
 * @param what for the error: "waited 5000 ms for WHAT"; a function: as it is when the time is over
 */
export async function until<T>(
  what: string | (() => string),
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = patience,
): Promise<T> {
  const end = performance.now() + deadlineMs
  let last: unknown
  do {
    const began = performance.now()
    try {
      const found = await probe()
      if (found !== undefined && found !== false) return found
    } catch (error) {
      last = error
    }
    // A look may be a command on a host: it never keeps a core busy for more than half of the time.
    const took = performance.now() - began
    await new Promise((resolve) => setTimeout(resolve, Math.max(20, took)))
  } while (performance.now() < end)
  throw new Error(`waited ${deadlineMs} ms for ${typeof what === 'string' ? what : what()}`, { cause: last })
}
