import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { paced } from '../../src/hosts/paced.ts'

describe('a paced connection', () => {
  it('lets others have their turn between the pieces of what came at once', async () => {
    const under = new PassThrough({ highWaterMark: 1_000_000 })
    const turns: number[] = []
    let turn = 0
    let counting = setImmediate(function count() {
      turn++
      counting = setImmediate(count)
    })
    const stream = paced(under).on('data', () => {
      turns.push(turn)
      expect(under.isPaused()).toBe(true)
      // longer than the slice
      for (const until = performance.now() + 12; performance.now() < until; );
    })
    under.end(Buffer.alloc(8_000))
    await once(stream, 'end')
    clearImmediate(counting)
    expect(turns.length).toBeGreaterThan(4)
    expect(new Set(turns).size).toBe(turns.length)
  })

  it('gives and takes the same, and tells the end after it', async () => {
    const under = new PassThrough()
    const stream = paced(under)
    const all = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251))
    let read = Buffer.alloc(0)
    stream.on('data', (piece: Buffer) => {
      read = Buffer.concat([read, piece])
    })
    stream.end(all)
    await once(stream, 'end')
    expect(read.equals(all)).toBe(true)
  })

  it('tells an error after what came before', async () => {
    const under = new PassThrough()
    const told: string[] = []
    const stream = paced(under)
      .on('data', (piece: Buffer) => told.push(String(piece)))
      .on('error', (error) => told.push(error.message))
    under.on('data', () => under.destroy(new Error('gone')))
    under.write('last words')
    await new Promise((resolve) => stream.on('close', resolve))
    expect(told).toEqual(['last words', 'gone'])
  })

  it('ends what is below it', async () => {
    const under = new PassThrough()
    paced(under).destroy()
    await once(under, 'close')
  })
})
