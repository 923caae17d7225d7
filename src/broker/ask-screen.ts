import { spawn } from 'node:child_process'
import { parseJson } from '../hosts/json.ts'
import { ChannelFailure } from '../services/display/keeper/failure.ts'
import type { BroughtScreen } from '../services/display/keeper/relayed.ts'
import type { FailureKind } from '../services/display/opening.ts'
import { type BrokerReply, type BrokerRequest, type Refusal, replySchema } from './protocol.ts'
import { linesOf } from './requests.ts'

type Command = readonly [file: string, ...args: string[]]

/** Milliseconds in which a broker has reached the screen. */
const patience = 45_000
/** Characters of what it said last on standard error. */
const mostWords = 500

const kinds: Partial<Readonly<Record<Refusal, FailureKind>>> = {
  'not-for-you': 'not-for-you',
  'no-screen': 'no-screen',
  unreachable: 'unreachable',
}

/**
 * Has the screen of a machine brought here by a broker of its own, which ends with it.
 *
 * @param request none: the command says what is wanted
 * @throws {ChannelFailure} it is not had
 */
export async function askScreen(
  [file, ...args]: Command,
  request: Omit<Extract<BrokerRequest, { ask: 'screen' }>, 'n'> | undefined,
  signal: AbortSignal,
): Promise<BroughtScreen> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-mostWords)
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  const failed = Promise.withResolvers<never>()
  child.once('error', ({ message }) => failed.reject(new ChannelFailure('other', `${file}: ${message}`)))
  child.on('error', () => {})
  for (const stream of child.stdio) stream?.on('error', () => {})
  // What sudo has started is not ours to end by a signal: it ends with its input.
  const end = () => {
    child.stdin.destroy()
    child.stdout.destroy()
    child.stderr.destroy()
    child.unref()
  }
  const late = setTimeout(
    () => failed.reject(new ChannelFailure('unreachable', 'the broker says nothing')),
    patience,
  )
  const cancel = () => failed.reject(signal.reason)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    signal.throwIfAborted()
    if (request) child.stdin.write(`${JSON.stringify({ n: 1, ...request })}\n`)
    const reply = await Promise.race([replyOf(child.stdout), failed.promise])
    // Why it said nothing it may have said on standard error, which is heard by itself.
    if (!reply) {
      child.stdin.destroy()
      await Promise.race([closed, failed.promise])
    }
    if (!reply || !('screen' in reply)) throw refused(reply, words.trim())
    const { screen: protocol, certificate } = reply
    return { protocol, from: child.stdout, to: child.stdin, end, ...(certificate && { certificate }) }
  } catch (error) {
    end()
    throw error
  } finally {
    clearTimeout(late)
    signal.removeEventListener('abort', cancel)
  }
}

/** The first line, and nothing of what follows it. */
async function replyOf(output: Parameters<typeof linesOf>[0]): Promise<BrokerReply | undefined> {
  for await (const line of linesOf(output)) {
    if (line === 'too long') return undefined
    try {
      return replySchema.parse(parseJson(Buffer.from(line).toString()))
    } catch {
      return undefined
    }
  }
  return undefined
}

function refused(reply: BrokerReply | undefined, words: string): ChannelFailure {
  if (!reply || !('no' in reply))
    return new ChannelFailure('other', words || 'the broker says nothing that is understood')
  const { no, reference, why } = reply
  return new ChannelFailure(
    kinds[no] ?? 'other',
    why || words || `the screen: the broker says ${no}`,
    reference && `vdd events --since 1h | grep ${reference}`,
  )
}
