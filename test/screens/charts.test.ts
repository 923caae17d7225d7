import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freeze, pass, thaw } from '../support/frozen.ts'
import { look, places, stage } from '../support/stage.tsx'

const [small] = places

beforeAll(() => freeze())
afterAll(() => thaw())

describe('charts of more front ends than have room', () => {
  let at: ReturnType<typeof stage>
  beforeAll(async () => {
    at = stage({ frontends: 20 })
    await pass(104_000)
  })
  afterAll(() => at.end())

  it.each(places)('are whole on $term, what needs a person first, and all are come to', async (place) => {
    const console = at.open()
    console.press('3')
    console.press('g')
    const seen: string[] = []
    for (let i = 0; i < 10; i++) {
      const { lines } = await look(console, place)
      expect(lines[1]).toContain('Active connections, last 10 minutes')
      expect(lines.at(-4)).toMatch(/\d\d:\d\d .* \d\d:\d\d .* \d\d:\d\d/)
      const names = lines.flatMap((line, row) => {
        const name = /^ {2}(fe\d+) /.exec(line)?.[1]
        // Below its name the value of now, and the end of its axis.
        if (name) expect(lines.slice(row, row + 3).join('\n')).toMatch(/now \d+[\s\S]* 0 /)
        return name ?? []
      })
      expect(names.length).toBeGreaterThan(3)
      seen.push(...names)
      if (seen.includes('fe20')) break
      expect(lines.at(-2)).toMatch(/charts \d+ to \d+ of 20, PgDn goes on/)
      console.press('pagedown')
    }
    // It fails its checks.
    expect(seen[0]).toBe('fe3')
    expect(new Set(seen).size).toBe(20)
  })

  it('still have their titles and times where only one has room', async () => {
    const console = at.open()
    console.press('3')
    console.press('g')
    const { lines } = await look(console, { ...small, columns: 60, rows: 12 })
    expect(lines[1]).toContain('Active connections')
    expect(lines.join('\n')).toMatch(/fe3 [\s\S]*now \d+[\s\S]* 0 /)
  })
})
