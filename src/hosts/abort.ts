import { deadline } from './deadline.ts'

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

/**
 * Gives work so many milliseconds; the signal's reason is then a `TimeoutError`. Unlike `AbortSignal.timeout` it is over with the work: hundreds
 * of questions a second would leave as many timers behind, with all that hangs on them, and as many errors that nobody sees.
 */
export async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController()
  const end = () => late.abort(new DOMException(`no end in ${milliseconds} ms`, 'TimeoutError'))
  const callOff = deadline(milliseconds, end)
  try {
    return await work(late.signal)
  } finally {
    callOff()
  }
}
