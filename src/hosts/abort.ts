/**
 * Waits for the promise, but no longer than until the signal is aborted; then throws the signal's reason.
 * What the promise does afterwards, even failing, is not heard any more.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: outcome, resolve, reject } = Promise.withResolvers<T>()
  const onAbort = () => reject(signal.reason)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  promise.then(resolve, reject)
  const forget = () => signal.removeEventListener('abort', onAbort)
  outcome.then(forget, forget)
  return outcome
}
