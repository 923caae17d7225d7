import { expect, it } from 'vitest'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { eventLines, eventParts } from '../../../src/views/event/line.ts'
import { unsureAgainst, unsureOf } from '../../../src/views/event/order.ts'
import { eventView } from '../../../src/views/event/view.ts'
import type { World } from '../../../src/views/world.ts'

let id = 0
const entry = (host: string, at: number, uncertainty?: number): Entry => ({
  id: ++id,
  at,
  kind: 'seen',
  severity: 'info',
  host: label(host),
  text: say`x`,
  source: 'pacemaker',
  ...(uncertainty === undefined ? {} : { uncertainty }),
})

it('is not certain of what is closer in time than is known of both', () => {
  const one = entry('a', 10_000, 100)
  const [near, far, own, exact] = [
    entry('b', 10_250, 150),
    entry('b', 10_251, 150),
    entry('a', 10_001, 100),
    entry('b', 10_050),
  ]
  expect(unsureAgainst(one, [one, near, far, own, exact])).toEqual([near, exact])
  expect(unsureAgainst(exact, [entry('c', 10_050)])).toEqual([])
})

/** The same numbers each time: Park and Miller's generator. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

it('is not certain of the same in a list as of each against all', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = numbers(seed)
    const list = Array.from({ length: 1 + next(12) }, () =>
      entry('abc'.charAt(next(3)), next(60), next(3) ? next(9) : undefined),
    )
    const each = list.filter((one) => unsureAgainst(one, list).length)
    expect([...unsureOf(list)], JSON.stringify(list)).toEqual(each.map((one) => one.id))
  }
})

it('is told in a list of forty thousand that may all have been at once', () => {
  const [own, other] = ['a', 'b'].map((host) =>
    Array.from({ length: 20_000 }, (_, i) => entry(host, i, 86_400_000)),
  )
  expect(unsureOf(own ?? []).size).toBe(0)
  expect(unsureOf([...(own ?? []), ...(other ?? [])]).size).toBe(40_000)
}, 20_000)

it('is a mark behind the time, in one line and in full', () => {
  const one = entry('a', 0, 120)
  const [parts, whole] = [eventParts(one, { isUnsure: true }), eventLines(one, 80, true)[0]]
  expect(parts).toEqual(whole)
  expect(parts[1]).toBe('~  a        x')
  expect(eventParts(one)[1]).toBe('   a        x')
})

it('is said on the page of an event', () => {
  const one = entry('a', Date.UTC(2026, 0, 1), 120)
  const page = (...others: Entry[]) =>
    eventView
      .page(one, { entries: [one, ...others] } as unknown as World, 80)
      .map((line) => line.map((part) => (typeof part === 'string' ? part : part[0])).join(''))
  expect(page().join()).not.toContain('Order')
  expect(page(entry('b', one.at + 50, 10))).toContain(
    'Order     not certain: 1 other may have come before it, or after',
  )
})
