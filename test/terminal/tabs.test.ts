import { describe, expect, it } from 'vitest'
import { blankGrid, type Grid } from '../../src/terminal/grid.ts'
import type { Ground } from '../../src/terminal/motion.ts'
import { type Profile, profiles } from '../../src/terminal/profile.ts'
import { plain } from '../../src/terminal/style.ts'
import { stopsFor, usualStops } from '../../src/terminal/tabs.ts'

const columns = 60
const ground: Ground = { profile: profiles.vt100 as Profile, columns }

/** Rows of a table: each has these words at these columns. */
const table = (rows: number, words: Readonly<Record<number, string>>): Grid =>
  Array.from({ length: rows }, () => {
    const text = new Array(columns).fill(' ')
    for (const [column, word] of Object.entries(words)) text.splice(Number(column), word.length, ...word)
    return { text, styles: new Array(columns).fill(plain) }
  })

const blank = (rows: number) => blankGrid(columns, rows)

describe('tab stops', () => {
  const words = { 2: 'name', 20: 'state', 40: 'load' }

  it('stand where the columns of a table begin', () => {
    expect(stopsFor(ground, blank(10), table(10, words))).toEqual([2, 20, 40])
  })

  it('stand only there where several rows jump', () => {
    const last = table(1, { 2: 'name', 33: 'odd', 40: 'load' })
    expect(stopsFor(ground, blank(11), [...table(10, words), ...last])).toEqual([2, 20, 40])
  })

  it.each([
    ['for few gaps', table(3, words)],
    ['for what stands close together', table(10, { 0: 'name', 5: 'state' })],
    ['for a blank screen', blank(10)],
  ])('are left as they are %s', (_, wanted) => {
    expect(stopsFor(ground, blank(wanted.length), wanted)).toBeUndefined()
  })

  it('are left where they do as well already, or the cells are as they should be', () => {
    const there = { ...ground, stops: [2, 20, 40, 50] }
    expect(stopsFor(there, blank(10), table(10, words))).toBeUndefined()
    expect(stopsFor(ground, table(10, words), table(10, words))).toBeUndefined()
    expect(stopsFor(ground, table(10, words), table(10, { ...words, 40: 'LOAD' }))).toBeUndefined()
  })

  it('are usual at every eighth column', () => {
    expect(usualStops(20)).toBe('\x1b[3g\x1b[8C\x1bH\x1b[8C\x1bH')
    expect(usualStops(17)).toBe('\x1b[3g\x1b[8C\x1bH\x1b[8C\x1bH')
    expect(usualStops(16)).toBe('\x1b[3g\x1b[8C\x1bH')
    expect(usualStops(8)).toBe('\x1b[3g')
  })
})
