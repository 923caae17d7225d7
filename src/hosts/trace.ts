import type { OnTrace } from './host.ts'
import { type Argv, HostError, type Output } from './host.ts'
import { type Label, label, say } from './label.ts'

/** Does the work, and tells `onTrace` about it once when it has come to its end, well or badly. */
export async function traced<T extends Pick<Output, 'code'>>(
  host: string,
  argv: Argv,
  onTrace: OnTrace | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return await timed(host, argv, onTrace, work, ({ code }) =>
    code === null ? label('ended by a signal') : say`exit ${code}`,
  )
}

/** The same for what has no exit status. */
export async function timed<T>(
  host: string,
  argv: Argv,
  onTrace: OnTrace | undefined,
  work: () => Promise<T>,
  outcomeOf: (result: T) => Label,
): Promise<T> {
  const start = performance.now()
  const tell = (outcome: Label) => onTrace?.({ host, argv, ms: performance.now() - start, outcome })
  try {
    const result = await work()
    tell(outcomeOf(result))
    return result
  } catch (error) {
    tell(error instanceof HostError ? say`${label(error.kind)}: ${error.reason}` : label(String(error)))
    throw error
  }
}
