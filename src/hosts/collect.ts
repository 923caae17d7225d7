import type { Readable } from 'node:stream'
import { orAborted } from './abort.ts'
import { deadline } from './deadline.ts'
import { type Argv, type Channel, HostError, type Output, type RunOptions } from './host.ts'
import { label, say } from './label.ts'

const DEFAULT_TIMEOUT = 10_000
const DEFAULT_LIMIT = 4 * 1024 * 1024

/**
 * Runs a command to its end on whatever kind of host `open` starts it: one deadline over waiting, connecting and
 * running, cancellation, standard input, bounded output. The command is ended on every way out but its own end.
 *
 * @param open starts the command; must give up with the signal's reason when the signal is aborted
 */
export async function collect(
  host: string,
  argv: Argv,
  options: RunOptions,
  open: (signal: AbortSignal) => Promise<Channel>,
): Promise<Output> {
  const limit = options.limit ?? DEFAULT_LIMIT
  const giveUp = new AbortController()
  const forget = watchDeadline(host, argv, options, giveUp)
  const tooMuch = () =>
    giveUp.abort(new HostError('overflow', host, say`${label(argv[0])}: said more than ${limit} bytes`))
  let channel: Channel | undefined
  try {
    giveUp.signal.throwIfAborted()
    channel = await open(giveUp.signal)
    const stdout = gather(channel.stdout, limit, tooMuch)
    const stderr = gather(channel.stderr, limit, tooMuch, options.onStderr)
    channel.stdin.on('error', ignore) // a command need not read what it is given: EPIPE
    channel.stdin.end(options.input ?? '')
    const { code } = await orAborted(channel.ended, giveUp.signal)
    giveUp.signal.throwIfAborted() // the last piece may have gone over the limit
    return { code, stdout: stdout(), stderr: stderr() }
  } catch (error) {
    channel?.kill()
    throw error
  } finally {
    forget()
  }
}

/** Aborts `giveUp` when the time is over or the caller cancels; returns the function that stops watching. */
function watchDeadline(
  host: string,
  argv: Argv,
  { timeout = DEFAULT_TIMEOUT, signal }: RunOptions,
  giveUp: AbortController,
): () => void {
  const late = () =>
    giveUp.abort(new HostError('timeout', host, say`${label(argv[0])}: no answer in ${timeout / 1000} s`))
  const cancelled = () => giveUp.abort(new HostError('cancelled', host, say`${label(argv[0])}: cancelled`))
  // Node's longest timer is 2^31-1 ms; a longer one would fire at once
  const callOff = timeout < 2 ** 31 ? deadline(timeout, late) : undefined
  if (signal?.aborted) cancelled()
  signal?.addEventListener('abort', cancelled, { once: true })
  return () => {
    callOff?.()
    signal?.removeEventListener('abort', cancelled)
  }
}

/** A host that sends single bytes would fill the memory with what is around them. */
const mostPieces = 65_536

/** Keeps up to `limit` bytes of a stream; returns the function that gives them as text (bad UTF-8 becomes U+FFFD). */
function gather(
  from: Readable,
  limit: number,
  tooMuch: () => void,
  onText?: (text: string) => void,
): () => string {
  const pieces: Buffer[] = []
  const decoder = new TextDecoder()
  let size = 0
  from.on('error', ignore) // the end of the command tells why
  from.on('data', (piece: Buffer) => {
    size += piece.length
    if (size > limit || pieces.length > mostPieces) {
      pieces.length = 0
      tooMuch()
      return
    }
    pieces.push(piece)
    onText?.(decoder.decode(piece, { stream: true }))
  })
  return () => Buffer.concat(pieces).toString('utf8')
}

function ignore(): void {}
