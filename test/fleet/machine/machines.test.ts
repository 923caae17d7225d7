import { describe, expect, it } from 'vitest'
import { Machines } from '../../../src/fleet/machine/machines.ts'
import { usualSpan } from '../../../src/fleet/rates.ts'
import type { MachineFacts } from '../../../src/services/libvirt/facts.ts'
import { facts, off, reading, uuid } from '../../support/facts.ts'

const fresh = () => false

function watched() {
  const machines = new Machines()
  return {
    machines,
    look: (at: number, all: readonly MachineFacts[], devicesAt?: number) =>
      machines.apply(
        { ...reading('hv1', at, all), ...(devicesAt === undefined ? {} : { devicesAt }) },
        fresh,
      ),
    get first() {
      return machines.records[0]
    },
  }
}

const counted = (cpuNs: number, moved: number) =>
  facts({
    vcpus: 1,
    cpuNs,
    diskReadBytes: moved,
    diskWriteBytes: moved,
    netReceivedBytes: moved,
    netSentBytes: moved,
  })

describe('what hosts tell of their machines', () => {
  it('makes the rates of devices of the time between the readings of devices', () => {
    const t = watched()
    t.look(1_000, [counted(0, 0)], 1_000)
    t.look(2_000, [counted(5e8, 0)], 1_000)
    expect(t.first).toMatchObject({ cpuPercent: 50 })
    expect(t.first).not.toHaveProperty('net')
    t.look(4_000, [counted(1e9, 6_000)], 4_000)
    expect(t.first).toMatchObject({ cpuPercent: 25, net: { in: 2_000, out: 2_000 }, disk: { in: 2_000 } })
    t.look(5_000, [counted(1e9, 6_000)], 4_000)
    expect(t.first).toMatchObject({ cpuPercent: 0, net: { in: 2_000 } })
  })

  it('tells of a machine that does nothing more that it does nothing, although its facts are the same', () => {
    const t = watched()
    const still = counted(1e9, 500)
    t.look(1_000, [counted(0, 0)])
    t.look(2_000, [still])
    expect(t.first).toMatchObject({ cpuPercent: 100, net: { in: 500 } })
    t.look(3_000, [still])
    expect(t.first).toMatchObject({ cpuPercent: 0, net: { in: 0, out: 0 }, disk: { in: 0, out: 0 } })
  })

  it('keeps record and list while nothing changes', () => {
    const t = watched()
    const all = [counted(5, 5), off({ uuid: uuid(2), name: 'web2' })]
    for (const at of [1_000, 2_000, 3_000]) t.look(at, all)
    const { records } = t.machines
    expect(t.look(4_000, all)).toEqual([])
    expect(t.machines.records).toBe(records)
    expect(t.look(5_000, [off({ vcpus: 1 }), all[1] as MachineFacts])).toHaveLength(1)
    expect(t.machines.records).not.toBe(records)
    expect(t.machines.records[1]).toBe(records[1])
  })

  it('takes two looks that are just far enough apart for a rate', () => {
    const t = watched()
    t.look(1_000, [counted(0, 0)])
    t.look(1_000 + usualSpan - 1, [counted(4e8, 400)])
    expect(t.first).not.toHaveProperty('cpuPercent')
    t.look(1_000 + usualSpan, [counted(4e8, 400)])
    expect(t.first).toMatchObject({ cpuPercent: 100, net: { in: 1_000 } })
  })

  it('tells that one runs twice as soon as that lasts, although nobody says anything new', () => {
    const machines = new Machines()
    const [here, there] = [[facts()], [facts({ reason: 'migrated' })]]
    machines.apply(reading('hv2', 500), fresh)
    for (let at = 1_000; at <= 8_000; at += 1_000) {
      machines.apply(reading('hv1', at, here), fresh)
      machines.apply(reading('hv2', at, there), fresh)
      expect(machines.records[0]).not.toHaveProperty('runsTwice')
    }
    machines.apply(reading('hv1', 9_000, here), fresh)
    expect(machines.records[0]).toMatchObject({ runsTwice: ['hv1', 'hv2'] })
  })

  it('lets a machine go that its host no longer lists', () => {
    const t = watched()
    t.look(1_000, [counted(0, 0), off({ uuid: uuid(2), name: 'web2' })])
    expect(
      t.look(2_000, [counted(0, 0)]).flatMap(({ before, after }) => (after ? [] : before?.name)),
    ).toEqual(['web2'])
    expect(t.machines.records.map(({ name }) => name)).toEqual(['web1'])
    expect(t.look(3_000, [])).toMatchObject([{ before: { name: 'web1' } }])
    expect(t.machines.records).toEqual([])
  })
})
