import { describe, expect, it } from 'vitest'
import { mergeSightings, type Sighting } from '../../../src/fleet/machine/merge.ts'
import type { MachineRecord } from '../../../src/fleet/machine/record.ts'
import { label } from '../../../src/hosts/label.ts'
import type { MachineFacts } from '../../../src/services/libvirt/facts.ts'
import { facts, incoming, off } from '../../support/facts.ts'

const seen = (host: string, of: MachineFacts, more: Partial<Sighting> = {}): Sighting => ({
  host,
  facts: of,
  rates: {},
  leaving: false,
  stale: false,
  ...more,
})

const arrived = facts({ reason: 'migrated' })
const left = off({ reason: 'migrated' })

/** The record that a merge of these gave before. */
const recordOf = (...all: Sighting[]) => mergeSightings(all, undefined) as MachineRecord

describe('mergeSightings', () => {
  it('knows nothing of a machine that nobody has seen', () => {
    expect(mergeSightings([], undefined)).toBeUndefined()
  })

  it('takes what the one host says, with the rates', () => {
    const record = mergeSightings([seen('a', facts({ vcpus: 2 }), { rates: { cpuPercent: 5 } })], undefined)
    expect(record).toMatchObject({ host: 'a', alsoOn: [], state: 'running', vcpus: 2, cpuPercent: 5 })
  })

  it('leaves the counters out, so that a record changes only when something is new', () => {
    const record = mergeSightings(
      [seen('a', facts({ cpuNs: 1, netSentBytes: 2, diskReadBytes: 3 }))],
      undefined,
    )
    for (const counter of ['cpuNs', 'netSentBytes', 'diskReadBytes'])
      expect(record).not.toHaveProperty(counter)
  })

  it('shows a migrating machine once, at its source, with the progress', () => {
    const job = { operation: label('outgoing migration'), percent: 42 }
    expect(mergeSightings([seen('b', incoming()), seen('a', facts({ job }))], undefined)).toMatchObject({
      host: 'a',
      alsoOn: ['b'],
      state: 'migrating',
      migration: { from: 'a', to: 'b', percent: 42 },
    })
  })

  it('shows a migration of which the progress is not known', () => {
    const record = mergeSightings([seen('a', facts()), seen('b', incoming())], undefined)
    expect(record?.migration).toEqual({ from: 'a', to: 'b' })
    expect(record).not.toHaveProperty('runsTwice')
  })

  it('shows a paused machine that is moved as migrating too', () => {
    const paused = facts({ state: 'paused', reason: 'user' })
    expect(mergeSightings([seen('a', paused), seen('b', incoming())], undefined)).toMatchObject({
      host: 'a',
      state: 'migrating',
    })
  })

  it('shows it at the target when the source cannot be read any more', () => {
    expect(
      mergeSightings([seen('a', facts(), { stale: true }), seen('b', incoming())], undefined),
    ).toMatchObject({
      host: 'b',
      state: 'paused',
      reason: 'migrating',
      alsoOn: ['a'],
    })
  })

  it('shows it at the target as soon as it runs there, though the source still says so too', () => {
    expect(
      mergeSightings([seen('a', facts()), seen('b', arrived)], recordOf(seen('a', facts()))),
    ).toMatchObject({
      host: 'b',
      state: 'running',
      runsTwice: ['a', 'b'],
    })
  })

  it('shows it at the target when the source keeps the definition', () => {
    const record = mergeSightings([seen('a', left), seen('b', arrived)], recordOf(seen('a', facts())))
    expect(record).toMatchObject({ host: 'b', alsoOn: ['a'], state: 'running' })
    expect(record).not.toHaveProperty('runsTwice')
  })

  it('stays where it was when a migration failed', () => {
    expect(
      mergeSightings(
        [seen('a', facts()), seen('b', off({ reason: 'failed' }))],
        recordOf(seen('a', facts())),
      ),
    ).toMatchObject({ host: 'a', state: 'running' })
  })

  it('shows a machine that is off where it ran last, not where a definition was left behind', () => {
    const ran = recordOf(seen('b', arrived), seen('a', left))
    expect(mergeSightings([seen('a', left), seen('b', off())], ran)).toMatchObject({
      host: 'b',
      state: 'shut off',
    })
    expect(mergeSightings([seen('a', left), seen('b', off())], undefined)).toMatchObject({ host: 'b' })
  })

  it('shows a crashed machine rather than a definition of it', () => {
    const crashed = facts({ state: 'crashed', reason: 'crashed' })
    expect(mergeSightings([seen('a', off()), seen('b', crashed)], undefined)).toMatchObject({
      host: 'b',
      state: 'crashed',
    })
  })

  it('does not run where its process only begins, as the target of a migration does', () => {
    const beginning = facts({ state: 'paused', reason: 'starting up' })
    const record = mergeSightings([seen('b', beginning), seen('a', facts())], undefined)
    expect(record).toMatchObject({ host: 'a', state: 'running' })
    expect(record).not.toHaveProperty('runsTwice')
    const off = facts({ state: 'shut off', reason: 'destroyed' })
    expect(mergeSightings([seen('a', off), seen('b', beginning)], undefined)).toMatchObject({ host: 'b' })
  })

  it('names both hosts when it runs on two', () => {
    expect(mergeSightings([seen('b', facts()), seen('a', facts())], undefined)).toMatchObject({
      host: 'a',
      runsTwice: ['a', 'b'],
    })
    expect(
      mergeSightings([seen('b', facts()), seen('a', facts())], recordOf(seen('b', facts()))),
    ).toMatchObject({
      host: 'b',
    })
  })

  it('lets an old answer not count against a fresh one', () => {
    const record = mergeSightings(
      [seen('a', facts(), { stale: true }), seen('b', facts())],
      recordOf(seen('a', facts())),
    )
    expect(record).toMatchObject({ host: 'b', alsoOn: ['a'] })
    expect(record).not.toHaveProperty('runsTwice')
  })

  it('still shows a machine that ran on a host that is silent, not the definition elsewhere', () => {
    expect(mergeSightings([seen('a', facts(), { stale: true }), seen('b', off())], undefined)).toMatchObject({
      host: 'a',
      state: 'running',
      alsoOn: ['b'],
    })
  })

  it('shows the last that was known when every answer is old', () => {
    expect(mergeSightings([seen('a', off(), { stale: true })], undefined)).toMatchObject({
      host: 'a',
      state: 'shut off',
    })
  })

  it('does not depend on the order in which hosts answered', () => {
    const all = [seen('a', off()), seen('b', facts()), seen('c', incoming())]
    const one = mergeSightings(all, undefined)
    const other = mergeSightings([...all].reverse(), undefined)
    expect({ ...other, alsoOn: [...(other?.alsoOn ?? [])].sort() }).toEqual({ ...one, alsoOn: ['a', 'c'] })
  })
})
