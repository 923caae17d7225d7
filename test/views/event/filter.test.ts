import { expect, it } from 'vitest'
import { eventFilter } from '../../../src/views/event/filter.ts'

const now = Date.UTC(2026, 10, 30, 12)

it.each([
  ['', undefined, ''],
  ['crashed', undefined, 'crashed'],
  ['!not moved', undefined, '!not moved'],
  ['host:lb1,lb2', { hosts: ['lb1', 'lb2'] }, ''],
  ['object:exam-01 crashed', { objects: ['exam-01', 'exam-01'] }, 'crashed'],
  ['severity:warning', { severities: ['bad', 'warning'] }, ''],
  ['source:ldirectord,slapd', { sources: ['ldirectord', 'slapd'] }, ''],
  ['type:fenced since:1h', { types: ['fenced'], since: now - 3_600_000 }, ''],
  ['until:2026-11-30T10:00Z', { until: now - 2 * 3_600_000 }, ''],
  // What is not typed to its end leaves all.
  ['severity:', undefined, ''],
  ['severity:warn', {}, ''],
  ['since:1', {}, ''],
  // What is no key is a text.
  ['LDAP: behind', undefined, 'LDAP: behind'],
  ['constructor:x', undefined, 'constructor:x'],
])('%s', (typed, wanted, text) => {
  expect(eventFilter(typed, now)).toEqual(wanted ? { wanted, text } : { text })
})
