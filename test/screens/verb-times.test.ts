import { expect, it, vi } from 'vitest'
import { run } from '../support/command-line.ts'
import { frozenAt } from '../support/frozen.ts'

/** An hour by which somebody sets the clock back while the program runs. */
const back = 3_600_000

it.each([
  ['machine', 'list'],
  ['host', 'list'],
  ['frontend', 'list'],
  ['service', 'list'],
  ['directory', 'list'],
  ['alert', 'list'],
  ['fd', 'watch', '--for', '1'],
])('times of %s %s are those of the clock on the wall, also when it was set back', async (...words) => {
  const text = await run(['--demo', ...words, '--json'], () => vi.setSystemTime(frozenAt - back))
  const times = [...text.matchAll(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g)].map(([, time]) => Date.parse(time ?? ''))
  expect(times.length).toBeGreaterThan(0)
  // A verb takes seconds.
  expect(Math.max(...times)).toBeLessThan(frozenAt - back + 120_000)
})
