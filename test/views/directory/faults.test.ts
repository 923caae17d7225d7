import { expect, it } from 'vitest'
import { directoryAlerts } from '../../../src/fleet/directory/alerts.ts'
import type { DirectoryRecord } from '../../../src/fleet/directory/record.ts'
import type { Snapshot } from '../../../src/fleet/snapshot.ts'
import { directoryView } from '../../../src/views/directory/view.ts'
import { snapshot } from '../../support/records.ts'
import { worldOf } from '../../support/world.ts'

const answered = { check: { ok: true, ms: 1 }, fresh: { ok: true, ms: 1 }, csns: new Map() }
const one = (host: string, given: object) => ({
  host,
  role: 'consumer',
  replication: { state: 'unknown' },
  ...given,
})

const directories = [
  one('asked', {}),
  one('well', { reading: answered, replication: { state: 'in step' } }),
  one('late', { reading: answered, replication: { state: 'behind', since: 9_500, atLeast: false } }),
  one('lost', { reading: answered, replication: { state: 'behind', since: -600_000, atLeast: false } }),
  one('wrong', { reading: { ...answered, check: { ok: false, why: 'no such object' } } }),
] as unknown as DirectoryRecord[]

it('a directory server is a fault when it is told as an alert, and not before', () => {
  const world = worldOf({ ...snapshot([]), directories } as Snapshot, 10_000)
  const arrangement = { sort: 'configured', descending: false, filter: '', host: '', faultsOnly: true }
  const faults = directoryView.rows(world, arrangement).map(({ host }) => host)
  const alerts = directoryAlerts(directories, world.now).map(({ host }) => host)
  expect(faults).toEqual(['lost', 'wrong'])
  expect(faults).toEqual([...new Set(alerts)])
})

it('in a sentence only one that copies, and of which it is known, is so far behind', () => {
  const alone = one('alone', { role: 'standalone', reading: answered, replication: { state: 'none' } })
  const all = [...directories, alone] as unknown as DirectoryRecord[]
  const world = worldOf({ ...snapshot([]), directories: all } as Snapshot, 10_000)
  const said = all.map((record) => directoryView.sentence(record, world))
  expect(said.map((text) => /\S+ behind(?=,|$)/.exec(text.replace(', behind', ''))?.[0])).toEqual([
    undefined,
    '0s behind',
    '1s behind',
    '10m behind',
    undefined,
    undefined,
  ])
})
