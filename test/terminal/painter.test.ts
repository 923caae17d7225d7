import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankGrid } from '../../src/terminal/grid.ts'
import { Painter } from '../../src/terminal/painter.ts'
import { adjusted, type Profile, profiles, safest } from '../../src/terminal/profile.ts'
import { framesOf, scenes } from './support/frames.ts'
import { Replay } from './support/replay.ts'

const everywhere: Readonly<Record<string, Profile>> = {
  ...profiles,
  'xterm without UTF-8': adjusted(profiles.xterm as Profile, { colour: true, ascii: false, utf8: false }),
  'xterm-256color without colour, in ASCII': adjusted(profiles['xterm-256color'] as Profile, {
    colour: false,
    ascii: true,
    utf8: true,
  }),
  'an unknown one': safest,
}

/** xterm.js wraps late; where a terminal wraps at once the last cell stays free, and is not compared. */
const spared = (difference: string, profile: Profile, columns: number, rows: number) =>
  profile.wrap === 'immediate' && new RegExp(`^${rows - 1},(${columns - 1}|${columns - 2}):`).test(difference)

describe.each(Object.entries(everywhere))('on %s', (_, profile) => {
  it('the bytes make exactly the frame, whatever stood there', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, fc.nat(200), async (scene, portion) => {
        const { columns, rows } = scene
        const painter = new Painter(profile, columns, rows)
        const replay = new Replay(
          columns,
          rows,
          `what a shell left\r\n$ \x1b[7m${profile.scrolls ? '\x1b[2;3r' : ''}`,
        )
        await replay.write('')
        const before = replay.scrolledLines
        for (const grid of framesOf(scene, profile)) {
          const cursor = { row: portion % rows, column: portion % columns }
          const frame = { grid, typing: portion % 2 > 0, cursor }
          // Whole, or in portions; some frames are given up half way for the next.
          if (portion < 50) await replay.write(painter.next(frame))
          else
            for (let i = 0; i < (portion % 3 ? 1000 : 3); i++) {
              const bytes = painter.next(frame, [rows - 1, 0], portion)
              await replay.write(bytes)
              if (!bytes) break
            }
          const isWhole = portion < 50 || portion % 3 > 0
          if (!isWhole && !painter.isDone(frame)) continue
          expect(painter.isDone(frame)).toBe(true)
          const wrong = replay.differences(grid).filter((one) => !spared(one, profile, columns, rows))
          expect(wrong).toEqual([])
          // Hidden or not: braille displays, magnifiers and screen readers follow it.
          expect(replay.cursor).toEqual(cursor)
          expect(replay.scrolledLines).toBe(before)
        }
        replay.dispose()
      }),
      { numRuns: Number(process.env.VDD_RUNS ?? 25) },
    )
  })

  it('the cursor goes with the selection, also where nothing else changes', async () => {
    const painter = new Painter(profile, 20, 5)
    const replay = new Replay(20, 5)
    for (const cursor of [1, 3, 2].map((row) => ({ row, column: 0 }))) {
      const frame = { grid: blankGrid(20, 5), typing: false, cursor }
      await replay.write(painter.next(frame))
      expect(replay.cursor).toEqual(cursor)
      expect(painter.next(frame)).toBe('')
    }
    replay.dispose()
  })
})
