// Writes docs/keys.md from the table of actions and the console's own commands, and the words of events in docs/events.md, and the rules of incidents in docs/incidents.md: npm run docs
import { readFileSync, writeFileSync } from 'node:fs'
import { keysPage } from '../src/console/keys-page.ts'
import { withTypesTable } from '../src/views/event/types-table.ts'
import { withRulesTable } from '../src/views/incident/rules-table.ts'

writeFileSync(new URL('../docs/keys.md', import.meta.url), keysPage())
const events = new URL('../docs/events.md', import.meta.url)
writeFileSync(events, withTypesTable(readFileSync(events, 'utf8')))
const incidents = new URL('../docs/incidents.md', import.meta.url)
writeFileSync(incidents, withRulesTable(readFileSync(incidents, 'utf8')))
