import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Line, realClock } from '../../src/terminal/line.ts'
import { TestClock, TestWire } from './support/clock.ts'

let clock: TestClock
let wire: TestWire
let free: number[]

beforeEach(() => {
  clock = new TestClock()
  wire = new TestWire()
  free = []
})

function open(baud: number): Line {
  const line = new Line(wire, baud, clock)
  line.onFree = () => free.push(clock.now())
  return line
}

describe('a line of 9600 baud', () => {
  it('carries 960 bytes a second', () => {
    expect(open(9600).bytesIn(1000)).toBe(960)
    expect(open(9600).timeOf(960)).toBe(1000)
    expect(open(Number.POSITIVE_INFINITY).timeOf(1e9)).toBe(0)
  })

  it('may be given the next bytes a little before the last are through', () => {
    const line = open(9600)
    expect([line.isFree, line.isThrough]).toEqual([true, true])
    line.send(`${'x'.repeat(95)}\n`)
    clock.pass(90 + 0.99)
    expect([line.isFree, line.isThrough, free]).toEqual([false, false, []])
    clock.pass(0.1)
    expect([line.isFree, line.isThrough, free.length]).toEqual([true, true, 1])
    expect(free[0]).toBeCloseTo(97 / 0.96 - 10)
    expect(line.sent).toBe(97)
  })

  it('counts on from the bytes that are still on it', () => {
    const line = open(9600)
    line.send('x'.repeat(96))
    clock.pass(90)
    line.send('x'.repeat(96))
    clock.pass(99)
    expect(line.isThrough).toBe(false)
    clock.pass(1)
    expect([line.isThrough, line.sent, free]).toEqual([true, 192, [90, 190]])
    clock.pass(1000)
    line.send('x'.repeat(96))
    clock.pass(89)
    expect(line.isThrough).toBe(false)
    clock.pass(1)
    expect(line.isThrough).toBe(true)
  })
})

describe('a terminal that takes nothing', () => {
  it('is asked again every 20 ms, and nothing is through', () => {
    wire.room = 3
    const line = open(Number.POSITIVE_INFINITY)
    const write = vi.spyOn(wire, 'write')
    line.send('abcdef')
    clock.pass(19)
    expect([write.mock.calls.length, line.isThrough, wire.text]).toEqual([1, false, 'abc'])
    clock.pass(1)
    expect([write.mock.calls.length, line.isThrough]).toEqual([2, false])
    wire.room = 10
    clock.pass(20)
    expect([write.mock.calls.length, line.isThrough, wire.text]).toEqual([3, true, 'abcdef'])
    clock.pass(0)
    expect(free).toEqual([40])
  })

  it('is asked no more when the line is stopped', () => {
    wire.room = 3
    const line = open(Number.POSITIVE_INFINITY)
    line.send('abcdef')
    expect(line.stop()).toBe(true)
    wire.room = 10
    clock.pass(1000)
    expect([wire.text, free, line.isFree, line.stop()]).toEqual(['abc', [], true, false])
  })

  it('or has gone is told, and the line is not waited for', () => {
    const gone = vi.fn()
    const line = open(9600)
    line.onGone = gone
    wire.gone = true
    line.send('abc')
    clock.pass(1000)
    expect(gone).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'EIO' }))
    expect([line.isFree, line.stop(), free]).toEqual([true, false, []])
  })

  it('is asked, and gone, also where nobody listens', () => {
    wire.gone = true
    new Line(wire, 9600, clock).send('abc')
    wire.gone = false
    new Line(wire, 9600, clock).send('abc')
    clock.pass(1000)
    expect(wire.text).toBe('abc')
  })
})

describe('the real clock', () => {
  it('goes, calls back, and takes that back', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const [one, other] = [vi.fn(), vi.fn()]
      const before = realClock.now()
      realClock.after(100, one)
      realClock.after(100, other)()
      vi.advanceTimersByTime(99)
      expect(one).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1)
      expect([one.mock.calls.length, other.mock.calls.length, realClock.now() - before]).toEqual([1, 0, 100])
    } finally {
      vi.useRealTimers()
    }
  })
})
