import { type Argv, HostError, type Output } from './host.ts'
import { type Label, label, say } from './label.ts'

/** What was asked of a host, how long it took in milliseconds, and how it came out. Never what went in on stdin. */
export interface Trace {
  readonly host: string
  /** As asked, not yet printable. */
  readonly argv: Argv
  readonly ms: number
  readonly outcome: Label
}

export type OnTrace = (trace: Trace) => void

/** Does the work, and tells `onTrace` about it once when it has come to its end, well or badly. */
export async function traced<T extends Pick<Output, 'code'>>(
  host: string,
  argv: Argv,
  onTrace: OnTrace | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now()
  const tell = (outcome: Label) => onTrace?.({ host, argv, ms: performance.now() - start, outcome })
  try {
    const output = await work()
    tell(output.code === null ? label('ended by a signal') : say`exit ${output.code}`)
    return output
  } catch (error) {
    tell(error instanceof HostError ? say`${label(error.kind)}: ${error.reason}` : label(String(error)))
    throw error
  }
}
