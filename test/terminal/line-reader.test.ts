import { PassThrough } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { LineReader, longestLine } from '../../src/terminal/line-reader.ts'

let input: PassThrough
let lines: string[]
let reader: LineReader

beforeEach(() => {
  input = new PassThrough()
  lines = []
  reader = new LineReader(
    input as unknown as NodeJS.ReadStream,
    (line) => lines.push(line),
    () => lines.push('THE END'),
  )
  reader.on()
})

const comes = (text: string | Buffer) => input.emit('data', Buffer.from(text as string))

describe('lines from an input', () => {
  it('are told when their end has come, in whatever pieces', () => {
    comes('one\ntw')
    comes('o')
    expect(lines).toEqual(['one'])
    comes('\n\nthree\nfour')
    expect(lines).toEqual(['one', 'two', '', 'three'])
  })

  it('have their characters also where these come apart', () => {
    const [first, second] = Buffer.from('ä')
    comes(Buffer.from([first as number]))
    comes(Buffer.from([second as number, 10]))
    expect(lines).toEqual(['ä'])
  })

  it('are cut where they are too long, and the next is whole', () => {
    comes(`${'x'.repeat(longestLine - 1)}y`)
    comes(`${'z'.repeat(longestLine * 3)}\nnext\n`)
    expect(lines.map((line) => line.length)).toEqual([longestLine, 4])
    expect(lines[0]).toMatch(/xy$/)
    comes(`${'z'.repeat(longestLine * 3)}\n`)
    expect(lines[2]).toBe('z'.repeat(longestLine))
  })

  it('end with the input, the last also without an end', () => {
    comes('one\ntwo')
    input.emit('end')
    expect(lines).toEqual(['one', 'two', 'THE END'])
    input.emit('end')
    expect(lines).toEqual(['one', 'two', 'THE END', 'THE END'])
  })

  it('are read while the reader is on', () => {
    expect(input.isPaused()).toBe(false)
    reader.off()
    expect(input.isPaused()).toBe(true)
    comes('one\n')
    input.emit('end')
    expect(lines).toEqual([])
    reader.on()
    comes('two\n')
    expect(lines).toEqual(['two'])
  })
})
