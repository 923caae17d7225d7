import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/terminal/grid.ts'
import { newsOf, partOf } from '../../src/terminal/portion.ts'
import { inverse, plain } from '../../src/terminal/style.ts'

/** `~`: the second half of the wide character before. */
const rowOf = (text: string, style = plain): Row => ({
  text: [...text.padEnd(30)].map((one) => (one === '~' ? '' : one)),
  styles: [...text.padEnd(30)].map(() => style),
})
const textOf = (row: Row | undefined) => row?.text.join('').trimEnd()

describe('a part of a row', () => {
  it.each([
    ['is the whole where that is no more', '', 'abc', 20, 'abc'],
    ['goes as far as the bytes', '', 'abcdefghijklmnopqrstuvwxyz', 14, 'abcdefghi'],
    ['is never too little to come forward', '', 'abcdefghijklmnopqrstuvwxyz', 0, 'abcde'],
    ['leaves what stands further right', 'ABCDEFGHIJKLMNOPQ', 'abcdefghijklmnopq', 14, 'abcdefghiJKLMNOPQ'],
    ['counts a jump', 'a         b         c', 'x         y         z', 10, 'x         y         c'],
    ['cuts no wide character', '', 'abcdefgh漢~字~xyz', 14, 'abcdefgh漢字x'],
    ['ends where widths are certain', '', 'abcdefgh①②③xyz', 14, 'abcdefgh①②③x'],
  ])('%s', (_, shown, wanted, bytes, part) => {
    expect(textOf(partOf(rowOf(shown), rowOf(wanted), bytes))).toBe(part)
  })
})

describe('the news of a row', () => {
  it.each([
    ['are a mark that came', '', '> name   7%', '  name   7%', '>'],
    ['are a mark that went', '> name   7%', '  name   7%', '> name   7%', '  name   7%'],
    ['leave out what is not shown yet', '', '> name   8%', '  name   7%', '>        8'],
    ['are none where they are shown', '> name', '> name   7%', '  name   7%', undefined],
    ['are none where nothing is new', '', 'name', 'name', undefined],
    ['are none where a wide character would be cut', '', '漢~', 'ab', undefined],
  ])('%s', (_, shown, wanted, since, news) => {
    expect(textOf(newsOf(rowOf(shown), rowOf(wanted), rowOf(since)))).toBe(news)
  })

  it('are looks too, and none of a screen of another width', () => {
    const news = newsOf(rowOf(''), rowOf('ab', inverse), rowOf('ab'))
    expect(news?.styles).toEqual(new Array(30).fill(inverse))
    expect(newsOf(rowOf(''), rowOf('ab'), { text: ['a'], styles: [plain] })).toBeUndefined()
  })
})
