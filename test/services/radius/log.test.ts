import { expect, it } from 'vitest'
import { parseLine } from '../../../src/services/radius/log.ts'

const read = (line: string) => {
  const { stamp, type } = parseLine(line) ?? {}
  return stamp && `${new Date(stamp.local).toISOString().slice(0, 19)} ${stamp.offset} ${type}`
}

it.each([
  ['Tue Dec  1 00:22:16 2026 : Info: Ready to process requests', '2026-12-01T00:22:16 undefined started'],
  ['Mon Nov 30 23:59:59 2026 : Info: Signalled to terminate', '2026-11-30T23:59:59 undefined stopped'],
  [
    '2026-12-01T00:25:10.611161+0000 vm radiusd[12179]: Signalled to terminate',
    '2026-12-01T00:25:10 0 stopped',
  ],
  ['Tue Dec  1 00:22:16 2026 : Info: Exiting normally', undefined],
  // What somebody logs in as is in the log, too.
  ['Tue Dec  1 00:22:16 2026 : Auth: (3) Login OK: [: Info: Ready to process requests]', undefined],
  ['Tue Dec  1 00:22:16 2026 : Auth: Ready to process requests', undefined],
  ['Tue Dec  1 00:22:16 2026 : Info: constructor', undefined],
  ['Tue Foo  1 00:22:16 2026 : Info: Ready to process requests', undefined],
  ['2026-12-01T00:25:10.611161+0000 vm other[12179]: Signalled to terminate', undefined],
])('%s', (line, told) => {
  expect(read(line)).toBe(told)
})
