import { describe, expect, it } from 'vitest'
import { label, say } from '../../src/hosts/label.ts'
import { roomFor } from '../../src/text/page.ts'
import { type ColumnChoice, choiceFrom, columnsOf } from '../../src/views/columns-of.ts'

const all = [
  { id: 'name', title: say`NAME`, givesWay: 0 },
  { id: 'cpu', title: say`CPU`, givesWay: 1 },
  { id: 'memory', title: say`MEMORY used/all`, givesWay: 2 },
  { id: 'left', title: say`FULL IN`, givesWay: 3 },
]

const chosen = (typed: string, now?: ColumnChoice): unknown => {
  const choice = choiceFrom(typed, all, now)
  return 'wrong' in choice ? choice.wrong : columnsOf(all, choice).map(({ id }) => id)
}
/** Those of which so many have room. */
const fitting = (choice: ColumnChoice, count: number) =>
  roomFor(columnsOf(all, choice), (kept) => kept.length, count).map(({ id }) => id)

describe('a choice of columns', () => {
  it.each([
    ['cpu, name', ['cpu', 'name']],
    ['cpu name', ['cpu', 'name']],
    ['memory used/all, full in', ['memory', 'left']],
    ['NAME,USED', ['name', 'memory']],
    ['-cpu', ['name', 'memory', 'left']],
    ['-cpu,-full in', ['name', 'memory']],
    ['+left', ['name', 'cpu', 'memory', 'left']],
    ['reset', ['name', 'cpu', 'memory', 'left']],
  ])('%s', (typed, ids) => {
    expect(chosen(typed)).toEqual(ids)
  })

  it.each([
    ['cup', 'no column cup. Did you mean cpu?'],
    ['zzzz', 'no column zzzz; there are name, cpu, memory, left'],
    ['cpu -name', 'either names, or names with + and -'],
    ['-name,-cpu,-memory,-left', 'one column has to stay'],
    ['', 'which columns? name, cpu, memory, left'],
  ])('%s is none, and says why', (typed, wrong) => {
    expect(chosen(typed)).toBe(wrong)
  })

  it('is changed by what is added and taken away, also one of these alone', () => {
    expect(chosen('+cpu', { left: ['cpu', 'memory'] })).toEqual(['name', 'cpu', 'left'])
    expect(chosen('+left,-name', { only: ['name', 'cpu'] })).toEqual(['cpu', 'left'])
    expect(chosen('-cpu', { only: ['cpu'] })).toBe('one column has to stay')
  })

  it('keeps what was added where others give way, and of these alone the first', () => {
    expect(fitting({}, 2)).toEqual(['name', 'cpu'])
    expect(fitting({ kept: ['left'] }, 2)).toEqual(['name', 'left'])
    expect(fitting({ only: ['left', 'cpu', 'name'] }, 2)).toEqual(['left', 'cpu'])
  })

  it('shows a hostile name as text', () => {
    expect(chosen('\u202e')).toContain(label('\u202e'))
  })
})
