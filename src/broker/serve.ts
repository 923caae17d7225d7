import type { Readable, Writable } from 'node:stream'
import type { BrokerReply } from './protocol.ts'
import { linesOf } from './requests.ts'

/** Whoever answers a line. */
export interface Answering {
  handle(line: Uint8Array | 'too long', signal: AbortSignal): AsyncIterable<BrokerReply>
}

/**
 * Answers line by line, one after the other, until the input ends, nobody reads the output any more, or the signal is given. What waits in the
 * input is not read: the memory that it takes is not this program's.
 */
export async function serve(
  broker: Answering,
  input: Readable,
  output: Writable,
  ending: AbortSignal,
): Promise<void> {
  const gone = new AbortController()
  const signal = AbortSignal.any([ending, gone.signal])
  const close = () => gone.abort()
  output.on('error', close).on('close', close)
  const stop = () => input.destroy()
  signal.addEventListener('abort', stop)
  try {
    for await (const line of linesOf(input))
      for await (const reply of broker.handle(line, signal)) {
        if (signal.aborted) return
        await write(output, `${JSON.stringify(reply)}\n`, signal)
      }
  } catch (error) {
    if (!signal.aborted && !isCut(error)) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    input.destroy()
  }
}

/** The other side of the input has gone: an end like any other. */
function isCut(error: unknown): boolean {
  return ['ECONNRESET', 'EIO', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )
}

/** Resolves when it is taken, or nobody will take it any more. */
function write(output: Writable, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
    output.write(text, done)
  })
}
