import { describe, expect, it, vi } from 'vitest'
import { adaptTo } from '../../src/terminal/adapt.ts'
import { Canvas } from '../../src/terminal/canvas.ts'
import type { Frame } from '../../src/terminal/painter.ts'
import { type Profile, profiles } from '../../src/terminal/profile.ts'
import { focusMark } from '../../src/terminal/sheet.ts'

const turn = () => new Promise(setImmediate)
const textOf = ({ grid }: Frame) => grid.map(({ text }) => text.join('').trimEnd())

function canvasOf() {
  const frames: Frame[] = []
  let mark = 0
  const canvas = new Canvas(
    10,
    3,
    adaptTo(profiles.xterm as Profile),
    (frame) => frames.push(frame),
    () => ++mark,
  )
  return { canvas, frames }
}

describe('a canvas', () => {
  it('tells of a frame once, when all that belongs to it has been written', async () => {
    const { canvas, frames } = canvasOf()
    expect(canvas.write('one\n')).toBe(true)
    canvas.write('two')
    expect(frames).toEqual([])
    await turn()
    expect(frames.map(textOf)).toEqual([['one', 'two', '']])
    expect(frames[0]).toMatchObject({ mark: 2, typing: false })
    expect(frames[0]).not.toHaveProperty('cursor')
    await turn()
    expect(frames).toHaveLength(1)
    canvas.write('!')
    await turn()
    expect(frames.map(textOf)).toEqual([
      ['one', 'two', ''],
      ['one', 'two!', ''],
    ])
  })

  it('tells where the person looks', async () => {
    const { canvas, frames } = canvasOf()
    canvas.write(`a\n: ${focusMark.typing} ${focusMark.end}`)
    await turn()
    expect(frames[0]).toMatchObject({ typing: true, cursor: { row: 1, column: 2 } })
    canvas.write(`\x1b[H\x1b[J${focusMark.selected}>${focusMark.end}`)
    await turn()
    expect(frames[1]).toMatchObject({ typing: false, cursor: { row: 0, column: 0 } })
  })

  it('calls back who wants to know when it was written', async () => {
    const { canvas } = canvasOf()
    const written = vi.fn()
    canvas.write('a', 'utf8', written)
    canvas.write('b', written)
    canvas.write('c', 'utf8')
    expect(written).not.toHaveBeenCalled()
    await turn()
    expect(written).toHaveBeenCalledTimes(2)
  })

  it('is empty in its new size, and says first that it is empty', async () => {
    const { canvas, frames } = canvasOf()
    const said: string[] = []
    for (const event of ['emptied', 'resize'])
      canvas.on(event, () => said.push(`${event} ${canvas.columns}x${canvas.rows}`))
    canvas.write('one')
    canvas.resize(4, 2)
    expect(said).toEqual(['emptied 4x2', 'resize 4x2'])
    await turn()
    expect(frames.map(textOf)).toEqual([['', '']])
  })

  it('is taken for a terminal by who draws, and its frames for unmarked ones unless that is asked', async () => {
    const frames: Frame[] = []
    const canvas = new Canvas(4, 1, adaptTo(profiles.xterm as Profile), (frame) => frames.push(frame))
    expect([canvas.isTTY, canvas.writable]).toEqual([true, true])
    canvas.write('a')
    await turn()
    expect(frames[0]?.mark).toBe(0)
  })
})
