import type { Duplex, Readable, Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { BrokerReply } from './protocol.ts'
import { linesOf } from './requests.ts'

/** A last reply after which input and output are those of a connection. */
export interface Relay {
  readonly reply: BrokerReply
  readonly stream: Duplex
  /** is aborted when the person may not have it any longer */
  readonly over: AbortSignal
}

/** Whoever answers a line. */
export interface Answering {
  handle(line: Uint8Array | 'too long', signal: AbortSignal): AsyncIterable<BrokerReply | Relay>
}

/** Milliseconds in which a reply is taken. Who asks waits for it; a broker that nobody hears would stay for ever. */
const takenWithin = 60_000

/**
 * Answers line by line, one after the other, until a reply hands the input over, it ends, nobody reads the output any more, a reply is not taken in time, or the signal is given. What waits in the
 * input is not read: the memory that it takes is not this program's.
 */
export async function serve(
  broker: Answering,
  input: Readable,
  output: Writable,
  ending: AbortSignal,
  within: number = takenWithin,
): Promise<void> {
  const gone = new AbortController()
  const signal = AbortSignal.any([ending, gone.signal])
  const close = () => gone.abort()
  output.on('error', close).on('close', close)
  const stop = () => input.destroy()
  signal.addEventListener('abort', stop)
  try {
    const lines = linesOf(input)
    for await (const line of lines)
      for await (const said of broker.handle(line, signal)) {
        if (signal.aborted) return
        const reply = 'stream' in said ? said.reply : said
        const late = setTimeout(close, within)
        await write(output, `${JSON.stringify(reply)}\n`, signal)
        clearTimeout(late)
        if (!('stream' in said)) continue
        await lines.return(undefined)
        return await relay(input, output, said.stream, AbortSignal.any([signal, said.over]))
      }
  } catch (error) {
    if (!signal.aborted && !isCut(error)) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    input.destroy()
  }
}

/** Has an input and an output be a connection. Each hears what the other says, until one of both ends or the signal is given. */
export async function relay(
  input: Readable,
  output: Writable,
  stream: Duplex,
  signal: AbortSignal,
): Promise<void> {
  const one = new AbortController()
  const either = { signal: AbortSignal.any([signal, one.signal]) }
  const ways = [pipeline(input, stream, either), pipeline(stream, output, { ...either, end: false })]
  const cut = new Promise<void>((resolve) => either.signal.addEventListener('abort', () => resolve()))
  for (const way of ways) way.catch(() => {})
  // How it ends is no matter: whoever looked sees no more. Nobody waits for either side to have heard all: one that reads nothing would keep the connection.
  await Promise.race([...ways, finished(input), cut]).catch(() => {})
  one.abort()
  stream.destroy()
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
