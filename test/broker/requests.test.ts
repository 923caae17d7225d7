import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestLine } from '../../src/broker/protocol.ts'
import { linesOf, requestOf } from '../../src/broker/requests.ts'

async function cut(...chunks: (string | Uint8Array)[]): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = []
  const input = Readable.from(
    chunks.map((one) => Buffer.from(one)),
    { objectMode: false },
  )
  for await (const line of linesOf(input))
    lines.push(line === 'too long' ? undefined : Buffer.from(line).toString())
  return lines
}

describe('the lines of an input', () => {
  it('are the same however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\n', ''))),
        fc.array(fc.nat(60)),
        async (lines, cuts) => {
          const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const at = [
            0,
            ...cuts.map((one) => Math.min(one, whole.length)).sort((a, b) => a - b),
            whole.length,
          ]
          const pieces = at.slice(1).map((end, i) => whole.subarray(at[i], end))
          expect(await cut(...pieces)).toEqual(lines.map((line) => Buffer.from(line).toString()))
        },
      ),
    )
  })

  it('are told of as soon as they are too long, once, and left out to their end', async () => {
    const half = 'x'.repeat(longestLine / 2 + 1)
    expect(await cut(half, half, half, half, '\nnext\n')).toEqual([undefined, 'next'])
    expect(await cut('x'.repeat(longestLine), '\n', 'x'.repeat(longestLine + 1), '\nok\n')).toEqual([
      'x'.repeat(longestLine),
      undefined,
      'ok',
    ])
    expect(await cut(half, half)).toEqual([undefined])
  })

  it('leave what follows as it is to whoever wants no more of them', async () => {
    const input = Readable.from([Buffer.from('a\nb'), Buffer.from('c\n\u0000d')], { objectMode: false })
    for await (const line of linesOf(input)) {
      expect(Buffer.from(line).toString()).toBe('a')
      break
    }
    expect((await input.toArray()).join('')).toBe('bc\n\u0000d')
  })

  it('end with the input', async () => {
    expect(await cut('a\nb')).toEqual(['a', 'b'])
    expect(await cut('a\n')).toEqual(['a'])
    expect(await cut()).toEqual([])
  })
})

describe('a request', () => {
  it('is never anything but what the protocol has', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const request = requestOf(Buffer.from(text))
        if (!('wrong' in request))
          expect(['systems', 'machine', 'screen', 'account', 'failed']).toContain(request.ask)
        else expect(Number.isInteger(request.n) && request.n >= -1).toBe(true)
      }),
    )
  })
})
