import { describe, expect, it } from 'vitest'
import { tableState } from '../../src/console/table-state.ts'
import { label } from '../../src/hosts/label.ts'
import { isFault, machineRows, overviewRows } from '../../src/views/rows.ts'
import { machineSorts, sortRows } from '../../src/views/sorts.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

const names = ['kiosk-10', 'kiosk-9', 'db', 'Web', 'ägypten']
const machines = names.map((name, i) => machine({ name, uuid: uuid(i) }))
const sorted = (sort: string, descending = false, of = machines) =>
  machineRows(snapshot(of), { ...tableState(sort), descending }, 10).map(({ name }) => name)

describe('machineRows', () => {
  it('sorts names as people count', () => {
    expect(sorted('name')).toEqual(['ägypten', 'db', 'kiosk-9', 'kiosk-10', 'Web'])
    expect(sorted('name', true)).toEqual(['Web', 'kiosk-10', 'kiosk-9', 'db', 'ägypten'])
  })

  it('puts what is not known at the end, whichever way it is sorted', () => {
    const some = [
      machine({ name: 'unknown', uuid: uuid(1) }),
      machine({ name: 'low', uuid: uuid(2), cpuPercent: 1 }),
      machine({ name: 'high', uuid: uuid(3), cpuPercent: 99 }),
      machine({ name: 'another', uuid: uuid(4) }),
    ]
    expect(sorted('cpu', false, some)).toEqual(['low', 'high', 'another', 'unknown'])
    expect(sorted('cpu', true, some)).toEqual(['high', 'low', 'another', 'unknown'])
  })

  it('keeps those that are alike in the order of their names', () => {
    expect(sorted('vcpus', true)).toEqual(sorted('name'))
  })

  it('sorts by name where the column is not known', () => {
    expect(sorted('nothing')).toEqual(sorted('name'))
  })

  it.each(Object.keys(machineSorts))('can sort by %s without losing a row', (sort) => {
    expect(sorted(sort).sort()).toEqual([...names].sort())
  })

  it('puts what needs a person before other states', () => {
    const some = [
      machine({ name: 'off', uuid: uuid(1), state: 'shut off' }),
      machine({ name: 'failed', uuid: uuid(2), state: 'shut off', reason: label('failed') }),
      machine({ name: 'running', uuid: uuid(3) }),
    ]
    expect(sorted('state', false, some)).toEqual(['failed', 'running', 'off'])
  })

  it('leaves only the faults where these are wanted: crashed, stale, or running twice', () => {
    const shown = snapshot(
      [
        machine({ name: 'well', uuid: uuid(1) }),
        machine({ name: 'crashed', uuid: uuid(2), state: 'crashed', reason: label('crashed') }),
        machine({ name: 'twice', uuid: uuid(3), runsTwice: ['a', 'b'] }),
        machine({ name: 'stale', uuid: uuid(4), host: 'b' }),
      ],
      [host('a'), host('b')],
      { b: 1000 },
    )
    const rows = machineRows(shown, { ...tableState('name'), faultsOnly: true }, 10)
    expect(rows.map(({ name }) => name)).toEqual(['crashed', 'stale', 'twice'])
    expect(isFault(machine(), shown, 10_000)).toBe(false)
  })

  it('finds a machine by state, host and title too', () => {
    const some = [
      machine({ name: 'one', uuid: uuid(1), title: label('Room 2.14') }),
      machine({ name: 'two', uuid: uuid(2), host: 'hv7' }),
      machine({ name: 'three', uuid: uuid(3), state: 'paused' }),
    ]
    const found = (filter: string) =>
      machineRows(snapshot(some), { ...tableState('name'), filter }, 10).map(({ name }) => name)
    expect(found('2.14')).toEqual(['one'])
    expect(found('hv7')).toEqual(['two'])
    expect(found('paused')).toEqual(['three'])
  })

  it('gives the same rows for the same question', () => {
    const [shown, state] = [snapshot(machines), tableState('name')]
    expect(machineRows(shown, state, 10)).toBe(machineRows(shown, state, 10))
  })
})

describe('sortRows', () => {
  it('leaves the rows that were given as they are', () => {
    const rows = ['b', 'a']
    expect(
      sortRows(
        rows,
        (row) => row,
        false,
        (row) => row,
      ),
    ).toEqual(['a', 'b'])
    expect(rows).toEqual(['b', 'a'])
  })
})

describe('overviewRows', () => {
  it('shows what is wrong, then the hosts', () => {
    const shown = snapshot([machine({ state: 'crashed', reason: label('panicked') })])
    const rows = overviewRows(shown, 10, new StillFleet(shown), 0)
    expect(rows.map(({ id }) => id)).toEqual([`alert ${uuid(1)} state`, 'host a', 'host b'])
  })
})
