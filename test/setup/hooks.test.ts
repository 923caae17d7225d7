import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

it('what tests of the source share has no hooks of its own: it is loaded once, and its hooks would be those of the first file alone', () => {
  const shared = globSync('test/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/\.test\.tsx?$|^test\/(cli|pty|lab|mutation)\//.test(file),
  )
  const hooked = shared.filter((file) =>
    /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(`${root}/${file}`, 'utf8')),
  )
  // Set up anew for each file.
  expect(hooked).toEqual(['test/support/between.ts'])
})
