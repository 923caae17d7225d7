import { expect, it } from 'vitest'
import { parseLine, says } from '../../../src/services/ldap/log.ts'
import { openldap } from '../../support/fixture.ts'

it('slapd tells when it began and when it was ended, and nothing of one that could not start', () => {
  const all = openldap('slapd.journal').split('\n')
  const told = all.flatMap((line) => {
    const { stamp, type } = parseLine(line) ?? {}
    const [, pid] = /slapd\[(\d+)\]/.exec(line) ?? []
    return stamp ? [`${pid} ${type}`] : []
  })
  const pids = [...new Set(all.flatMap((line) => / slapd\[(\d+)\]: slapd starting/.exec(line)?.[1] ?? []))]
  const [provider, consumer, second, third, fourth] = [pids[0], pids[1], pids[2], pids[3], pids[4]]
  expect(told).toEqual([
    `${provider} started`,
    `${consumer} started`,
    `${provider} stopped`,
    `${second} started`,
    `${second} stopped`,
    // This one was killed.
    `${third} started`,
    `${fourth} started`,
    `${consumer} stopped`,
    `${fourth} stopped`,
  ])
  // Two could not start, and say so.
  expect(all.filter((line) => line.endsWith(': slapd stopped.'))).toHaveLength(6)
})

it.each([
  '2026-12-01T00:21:37.465458+0000 vm slapd[7163]: slapd starting ',
  '2026-12-01T00:21:37.465458+0000 vm slapd[7163]: constructor',
  '2026-12-01T00:21:37.465458+0000 vm other[7163]: slapd starting',
  '2026-12-01T00:21:37.465458+0000 vm x slapd[7163]: slapd starting',
  'slapd starting',
])('"%s" tells nothing', (line) => {
  expect(parseLine(line)).toBeUndefined()
})

it('its lines are asked for as they are', () => {
  for (const text of says)
    expect(parseLine(`2026-12-01T00:21:37.465458+0000 vm slapd[7163]: ${text}`)).toBeDefined()
})
