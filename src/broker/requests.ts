import type { Readable } from 'node:stream'
import { parseJson } from '../hosts/json.ts'
import { type BrokerRequest, longestLine, requestSchema } from './protocol.ts'

/** A line that is no request. */
export interface NoRequest {
  /** the number that it has nevertheless; -1: none */
  readonly n: number
  readonly wrong: 'too long' | 'not UTF-8' | 'not JSON' | 'no such request'
}

/**
 * The lines of an input. One that is too long is told of at once, once, and left out up to its end, which may never come. Whoever wants no more lines
 * has the rest of the input as it is.
 */
export async function* linesOf(input: Readable): AsyncGenerator<Uint8Array | 'too long'> {
  let pieces: Uint8Array[] = []
  let length = 0
  let rest: Uint8Array = new Uint8Array()
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      for (rest = chunk; rest.length; ) {
        const end = rest.indexOf(0x0a)
        const piece = end < 0 ? rest : rest.subarray(0, end)
        rest = rest.subarray(end < 0 ? rest.length : end + 1)
        const wasTooLong = length > longestLine
        length += piece.length
        if (length <= longestLine) pieces.push(piece)
        else pieces = []
        if (length > longestLine && !wasTooLong) yield 'too long'
        if (end < 0) break
        const line = length <= longestLine ? Buffer.concat(pieces) : undefined
        pieces = []
        length = 0
        if (line) yield line
      }
    }
    // A program that ends says its last line to the end, or not at all; what is cut off is no JSON.
    if (length > 0 && length <= longestLine) yield Buffer.concat(pieces)
  } finally {
    if (rest.length && !input.readableEnded && !input.destroyed) input.unshift(rest)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a line asks for. */
export function requestOf(line: Uint8Array | 'too long'): BrokerRequest | NoRequest {
  if (line === 'too long') return { n: -1, wrong: 'too long' }
  let said: unknown
  try {
    said = utf8.decode(line)
  } catch {
    return { n: -1, wrong: 'not UTF-8' }
  }
  try {
    said = parseJson(said as string)
  } catch {
    return { n: -1, wrong: 'not JSON' }
  }
  const { success, data } = requestSchema.safeParse(said)
  return success ? data : { n: numberOf(said), wrong: 'no such request' }
}

function numberOf(said: unknown): number {
  const n = typeof said === 'object' && said !== null && 'n' in said ? said.n : undefined
  return typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= 1_000_000 ? n : -1
}
