// Writes docs/keys.md from the table of actions and the console's own commands: npm run docs
import { writeFileSync } from 'node:fs'
import { keysPage } from '../src/console/keys-page.ts'

writeFileSync(new URL('../docs/keys.md', import.meta.url), keysPage())
