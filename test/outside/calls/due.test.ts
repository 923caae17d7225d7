import { expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import { dueOf, type Told } from '../../../src/outside/calls/due.ts'
import type { Matter } from '../../../src/outside/calls/matter.ts'

const matter = (id: string, rest: Partial<Matter> = {}): Matter => ({
  id,
  severity: 'bad',
  isAcknowledged: false,
  text: label(id),
  json: { id },
  ...rest,
})
const told = (id: string, rest: Partial<Told> = {}): Told => ({
  id,
  severity: 'bad',
  text: label(id),
  json: { id },
  at: 1_000_000,
  ...rest,
})
const rules = { severity: 'warning', hold: 60_000 } as const

/** What is opened, closed and forgotten, by id. */
function due(
  matters: readonly Matter[],
  known: readonly Told[],
  {
    over = () => true,
    now = 1_010_000,
    ...rest
  }: Partial<typeof rules> & { over?: () => boolean; now?: number } = {},
) {
  const byId = new Map(known.map((one) => [one.id, one]))
  const found = dueOf(matters, byId, over, { ...rules, ...rest }, now)
  return [found.opened.map(({ id }) => id), found.closed.map(({ id }) => id), found.forgotten]
}

it('somebody is called once for what is wrong, and once when it is over', () => {
  expect(due([matter('a')], [])).toEqual([['a'], [], []])
  expect(due([matter('a')], [told('a')])).toEqual([[], [], []])
  expect(due([], [told('a')])).toEqual([[], ['a'], []])
  expect(due([], [told('a', { closedAt: 1_005_000 })])).toEqual([[], [], []])
})

it('what is gone for a moment is not over', () => {
  expect(due([], [told('a')], { over: () => false })).toEqual([[], [], []])
})

it('what comes back within the hold time waits for its end, and is told then if it is still there', () => {
  const known = [told('a', { closedAt: 1_005_000 })]
  expect(due([matter('a')], known, { now: 1_059_999 })).toEqual([[], [], []])
  expect(due([matter('a')], known, { now: 1_060_000 })).toEqual([['a'], [], []])
  expect(due([], known, { now: 1_060_000 })).toEqual([[], [], ['a']])
})

it('a clock that was set back keeps nobody from being called', () => {
  expect(due([matter('a')], [told('a', { closedAt: 1_005_000 })], { now: 5 })).toEqual([['a'], [], []])
})

it('what has become worse is told again, what has become less bad is not', () => {
  expect(due([matter('a')], [told('a', { severity: 'warning' })])[0]).toEqual(['a'])
  expect(due([matter('a', { severity: 'warning' })], [told('a')])).toEqual([[], [], []])
})

it('nobody is called for what somebody takes care of, nor for less than was asked for', () => {
  expect(due([matter('a', { isAcknowledged: true })], [])[0]).toEqual([])
  const both = [matter('mild', { severity: 'warning' }), matter('hard')]
  expect(due(both, [], { severity: 'bad' as never })[0]).toEqual(['hard'])
  expect(due(both, [])[0]).toEqual(['hard', 'mild'])
})
