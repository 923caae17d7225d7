import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { keysPage } from '../src/console/keys-page.ts'

it('docs/keys.md says what the table of actions says (npm run docs writes it)', () => {
  expect(readFileSync('docs/keys.md', 'utf8')).toBe(keysPage())
})
