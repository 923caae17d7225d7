import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadJson } from '../../src/cli/load-lines.ts'
import type { DirectoryRecord } from '../../src/fleet/directory/record.ts'
import { secondsOrNull } from '../../src/text/json.ts'
import { directoryJson } from '../../src/views/directory/json.ts'
import type { Moment } from '../../src/views/world.ts'

const verbs = join(import.meta.dirname, '../golden/verbs')

/** A unit that another one of the same quantity is used for: times are in seconds, sizes of memory in KiB, of disks in bytes. */
const foreign = /(^ms|^[pP]\d\d|Ms|[mM]illis\w*|[mM]illiseconds|[mM]inutes|Days|KB|MB|MiB|GiB)$/

it('JSON has one unit for each quantity, whatever the verb', () => {
  const names = readdirSync(verbs)
    .filter((file) => file.endsWith('.json.txt'))
    .flatMap((file) =>
      [...readFileSync(join(verbs, file), 'utf8').matchAll(/"(\w+)":/g)].map(([, name]) => name),
    )
  expect(names.length).toBeGreaterThan(1_000)
  expect(names).toContain('uncertaintySeconds')
  expect(names.filter((name) => foreign.test(name ?? ''))).toEqual([])
})

it('what was measured in milliseconds is told in seconds, to what is known of it', () => {
  expect([4.237, undefined, 0].map((one) => secondsOrNull(one, 4))).toEqual([0.0042, null, 0])
  const times = { p50: 7.84321, p95: 21, p99: 1_200 }
  expect(
    JSON.parse(loadJson('second', 0, { due: 1, answered: 1, failed: 0, times, failures: [] })),
  ).toMatchObject({
    p50Seconds: 0.00784,
    p95Seconds: 0.021,
    p99Seconds: 1.2,
  })
  const reading = { check: { ok: true, ms: 4.2 }, fresh: { ok: true, ms: 12 }, csns: new Map() }
  const record = { host: 'fe1', reading, replication: { state: 'alone' } } as unknown as DirectoryRecord
  expect(directoryJson(record, { now: 0 } as Moment)).toMatchObject({
    ldapSeconds: 0.0042,
    check: { seconds: 0.0042 },
    newConnection: { seconds: 0.012 },
  })
})
