import { expect, it } from 'vitest'
import type { Entry } from '../../../src/fleet/journal/journal.ts'
import { label, say } from '../../../src/hosts/label.ts'
import { unsureAgainst } from '../../../src/views/event/order.ts'
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
