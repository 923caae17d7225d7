import { describe, expect, it } from 'vitest'
import { filterRows, ranked } from '../../src/views/filter.ts'

const all = ['kiosk-07', 'kiosk-08', 'Web-1', 'web-2 (paused)', 'db']
const left = (filter: string) => filterRows(all, filter, (row) => row)

describe('filterRows', () => {
  it('leaves all where nothing is typed', () => {
    expect(left('')).toBe(all)
    expect(left('  ')).toBe(all)
    expect(left('!')).toBe(all)
  })

  it('leaves the rows that contain the text, in their order', () => {
    expect(left('kiosk')).toEqual(['kiosk-07', 'kiosk-08'])
    expect(left(' -0 ')).toEqual(['kiosk-07', 'kiosk-08'])
  })

  it('minds capitals only where there are some', () => {
    expect(left('web')).toEqual(['Web-1', 'web-2 (paused)'])
    expect(left('Web')).toEqual(['Web-1'])
    expect(left('!Web')).toEqual(['kiosk-07', 'kiosk-08', 'web-2 (paused)', 'db'])
  })

  it('leaves the rows without the text behind an exclamation mark', () => {
    expect(left('!web')).toEqual(['kiosk-07', 'kiosk-08', 'db'])
    expect(left('!nothing')).toEqual(all)
  })

  it('leaves what resembles the text where none contains it', () => {
    expect(left('ksk7')).toEqual(['kiosk-07'])
    expect(left('zzz')).toEqual([])
  })

  it('does not take the text for a pattern', () => {
    expect(left('(paused)')).toEqual(['web-2 (paused)'])
    expect(left('.*')).toEqual([])
    expect(left('[')).toEqual([])
  })
})

describe('ranked', () => {
  const words = ['resort', 'sorted', 'sort', 'assort', 'start', 'stop']

  it('has the very word first, then what begins with it, then what has it within', () => {
    expect(ranked(words, 'sort')).toEqual(['sort', 'sorted', 'resort', 'assort'])
  })

  it('has what resembles it where nothing else is there, and all where nothing is typed', () => {
    expect(ranked(words, 'strt')).toEqual(['start'])
    expect(ranked(words, 'xyz')).toEqual([])
    expect(ranked(words, '')).toEqual(words)
  })
})
