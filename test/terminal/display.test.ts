import { beforeEach, describe, expect, it } from 'vitest'
import { adaptTo } from '../../src/terminal/adapt.ts'
import { Display } from '../../src/terminal/display.ts'
import { Line } from '../../src/terminal/line.ts'
import { type Frame, Painter } from '../../src/terminal/painter.ts'
import { type Profile, profiles } from '../../src/terminal/profile.ts'
import { Sheet } from '../../src/terminal/sheet.ts'
import { TestClock, TestWire } from './support/clock.ts'
import { Replay } from './support/replay.ts'

const vt100 = profiles.vt100 as Profile

/** A screen of 80 x 24 with these lines; the selected one is where the person looks. */
function frame(lines: readonly string[], selected?: number): Frame {
  const sheet = new Sheet(80, 24, adaptTo(vt100))
  for (const [row, line] of lines.entries()) sheet.write(`\x1b[${row + 1}H${line}`)
  return {
    grid: sheet.grid(),
    typing: false,
    ...(selected === undefined ? {} : { cursor: { row: selected, column: 0 } }),
  }
}

const full = (text: string) =>
  Array.from({ length: 24 }, (_, row) => `${row} ${text} `.repeat(9).slice(0, 79))

let clock: TestClock
let wire: TestWire
let line: Line
let display: Display

function open(baud: number): void {
  clock = new TestClock()
  wire = new TestWire()
  line = new Line(wire, baud, clock)
  display = new Display(line, new Painter(vt100, 80, 24), clock)
}

/** What the terminal shows of all that has been sent. */
async function screen(): Promise<string[]> {
  const replay = new Replay(80, 24)
  await replay.write(wire.text)
  return replay.text()
}

describe('on a line of 9600 baud', () => {
  beforeEach(() => open(9600))

  it('a long repaint goes in portions of less than 200 ms each', () => {
    display.show(frame(full('first')))
    let before = 0
    for (let i = 0; i < 100; i++) {
      expect(wire.text.length - before).toBeLessThan(192)
      before = wire.text.length
      clock.pass(20)
    }
    expect(wire.text.length).toBeGreaterThan(1500)
  })

  it('nothing is sent faster than the line takes it', () => {
    display.show(frame(full('first')))
    for (let i = 1; i <= 20; i++) {
      clock.pass(100)
      expect(wire.text.length).toBeLessThanOrEqual(i * 96 + 200)
    }
  })

  it('a frame counts as shown when its last byte is through', () => {
    display.show({ ...frame(full('first')), mark: 1 })
    expect(display.painted).toBe(0)
    clock.pass(1000)
    expect(display.painted).toBe(0)
    clock.pass(10_000)
    expect(display.painted).toBe(1)
  })

  it('frames in between are never sent; the newest wins', async () => {
    for (const text of ['one', 'two', 'three', 'four']) {
      display.show(frame(full(text)))
      clock.pass(5)
    }
    clock.pass(10_000)
    expect(wire.text).not.toContain('two')
    expect(wire.text).not.toContain('three')
    expect(await screen()).toEqual(full('four').map((text) => text.trimEnd()))
  })

  it('what answers a key overtakes a repaint', async () => {
    display.show(frame(full('first')))
    clock.pass(300)
    display.hurry()
    display.show(frame(full('first').with(20, '> the answer'), 20))
    clock.pass(350)
    expect((await screen())[20]).toBe('> the answer')
    expect((await screen())[23]).toBe('')
    clock.pass(10_000)
    expect((await screen())[23]).toContain('23 first')
  })

  it('the row of the cursor comes before the rest', async () => {
    display.show(frame(full('first'), 15))
    clock.pass(200)
    expect((await screen())[15]).toContain('15 first')
    expect((await screen())[14]).toBe('')
  })

  it('refreshes leave the line free for three times as long as they took', () => {
    display.show(frame(full('first')))
    clock.pass(10_000)
    const idle = wire.text.length
    display.show(frame(full('other')))
    clock.pass(2000)
    expect(wire.text.length).toBeGreaterThan(idle)
    const after = wire.text.length
    display.show(frame(full('third')))
    clock.pass(4000)
    expect(wire.text.length).toBe(after)
    clock.pass(2500)
    expect(wire.text.length).toBeGreaterThan(after)
  })

  it('numbers that change faster than they are sent do not fill it', () => {
    display.show(frame(full('first')))
    clock.pass(10_000)
    const before = wire.text.length
    for (let second = 0; second < 60; second++) {
      display.show(frame(full(`at ${second}`)))
      clock.pass(1000)
    }
    expect(wire.text.length - before).toBeLessThan((60 * 960) / 2)
  })

  it('a key is answered at once also then', async () => {
    display.show(frame(full('first')))
    clock.pass(2000)
    display.hurry()
    display.show(frame(full('first').with(5, 'answered')))
    clock.pass(30)
    expect((await screen())[5]).toBe('answered')
  })

  it('a screen on which nothing changes costs nothing', () => {
    display.show(frame(full('first')))
    clock.pass(10_000)
    const before = wire.text.length
    for (let i = 0; i < 10; i++) {
      display.show(frame(full('first')))
      clock.pass(1000)
    }
    expect(wire.text.length).toBe(before)
  })
})

describe('who waits until nothing is left to send', () => {
  beforeEach(() => open(9600))
  const isIdle = async () => {
    let idle = false
    void display.idle().then(() => {
      idle = true
    })
    await new Promise(setImmediate)
    return idle
  }

  it('has nothing to wait for before the first frame, or where nothing may be sent', async () => {
    expect(await isIdle()).toBe(true)
    display.show(frame(full('first')))
    expect(await isIdle()).toBe(false)
    display.pause()
    clock.pass(1_000)
    expect(await isIdle()).toBe(true)
  })

  it('is told when the last byte has been given to the line, once', async () => {
    display.show(frame(full('first')))
    const idle = display.idle()
    let isOver = false
    void idle.then(() => {
      isOver = true
    })
    clock.pass(1_000)
    await new Promise(setImmediate)
    expect(isOver).toBe(false)
    clock.pass(10_000)
    await idle
    expect((await screen())[23]).toContain('23 first')
  })

  it('is told at once that something happened that a person should see', () => {
    display.show(frame(full('first')))
    clock.pass(10_000)
    display.show(frame(full('other')))
    clock.pass(2_000)
    const before = wire.text.length
    display.show(frame(full('third')))
    clock.pass(500)
    expect(wire.text.length).toBe(before)
    display.hasten()
    display.show(frame(full('alert')))
    expect(wire.text.length).toBeGreaterThan(before)
  })
})

describe('a terminal', () => {
  beforeEach(() => open(Number.POSITIVE_INFINITY))

  it('that was stopped by XOFF gets what was left of it, and then only the newest', async () => {
    wire.room = 100
    display.show(frame(full('first')))
    expect(wire.text.length).toBe(100)
    display.show(frame(full('second')))
    clock.pass(5000)
    expect(wire.text.length).toBe(100)
    wire.room = Number.POSITIVE_INFINITY
    clock.pass(1000)
    expect(await screen()).toEqual(full('second').map((text) => text.trimEnd()))
  })

  it('that took only a part is known to have been cut off', () => {
    wire.room = 10
    display.show(frame(full('first')))
    expect(line.stop()).toBe(true)
    expect(line.stop()).toBe(false)
  })

  it('has shown a frame as soon as it took all of it, so that the quickest answer is one to what was seen', () => {
    display.show({ ...frame(full('first')), mark: 1 })
    expect(display.painted).toBe(1)
    wire.room = 10
    clock.pass(1)
    display.show({ ...frame(full('second')), mark: 2 })
    expect(display.painted).toBe(1)
    wire.room = Number.POSITIVE_INFINITY
    clock.pass(100)
    expect(display.painted).toBe(2)
    wire.room = 10
    display.repaint()
    expect(display.painted).toBe(0)
  })

  it('that is left before it was painted gets its cursor and its attributes back', () => {
    const painter = new Painter(profiles.vt220 as Profile, 80, 24)
    expect(painter.leave()).toMatch(/^\x1b\[m\x0f\x1b\[\?25h\r/)
    painter.next(frame(full('first')), [], 100)
    expect(painter.leave()).toMatch(/^\x1b\[\?25h\r/)
    painter.next({ ...frame(full('first')), typing: true, cursor: { row: 3, column: 5 } })
    expect(painter.leave()).toMatch(/^\r/)
  })

  it('that shows anything is painted anew', async () => {
    display.show(frame(full('first')))
    clock.pass(1)
    wire.text += '\x1b[3;5r\x1b[7m\x0e\x1b[10;10Hnoise\x1b[2J'
    display.repaint()
    clock.pass(1)
    expect(await screen()).toEqual(full('first').map((text) => text.trimEnd()))
  })

  it('that has gone is told once, and nothing is sent any more', () => {
    const gone: unknown[] = []
    line.onGone = (error) => gone.push(error)
    wire.gone = true
    display.show(frame(full('first')))
    clock.pass(1000)
    expect(gone).toMatchObject([{ code: 'EIO' }])
  })

  it('that was lent gets nothing until it is taken back', async () => {
    display.show(frame(full('first')))
    clock.pass(1)
    display.pause()
    const before = wire.text.length
    display.show(frame(full('second')))
    clock.pass(1000)
    expect(wire.text.length).toBe(before)
    display.resume()
    clock.pass(1)
    expect(await screen()).toEqual(full('second').map((text) => text.trimEnd()))
  })
})
