// Writes docs/keys.md from the table of actions and the console's own commands, the words of events in docs/events.md, the rules of incidents in
// docs/incidents.md, and docs/metrics.md from the table of metrics: npm run docs
import { readFileSync, writeFileSync } from 'node:fs'
import { keysPage } from '../src/console/keys-page.ts'
import { metricsPage } from '../src/outside/metrics/page.ts'
import { withTypesTable } from '../src/views/event/types-table.ts'
import { withRulesTable } from '../src/views/incident/rules-table.ts'

writeFileSync(new URL('../docs/keys.md', import.meta.url), keysPage())
const events = new URL('../docs/events.md', import.meta.url)
writeFileSync(events, withTypesTable(readFileSync(events, 'utf8')))
const incidents = new URL('../docs/incidents.md', import.meta.url)
writeFileSync(incidents, withRulesTable(readFileSync(incidents, 'utf8')))
writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsPage())
