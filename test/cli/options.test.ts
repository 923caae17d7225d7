import { expect, it } from 'vitest'
import { programOf } from '../../src/cli/program.ts'

it('no verb has an option of the program, which would take its value away', () => {
  const program = programOf({ openConsole: async () => 0, version: '0', finish: () => {} })
  const own = program.options.map(({ long }) => long)
  const taken = program.all
    .filter((verb) => verb !== program)
    .flatMap((verb) =>
      verb.options.filter(({ long }) => own.includes(long)).map(({ long }) => `${verb.path} ${long}`),
    )
  expect(own.length).toBeGreaterThan(5)
  expect(taken).toEqual([])
})
