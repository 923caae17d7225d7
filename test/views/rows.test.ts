import { describe, expect, it } from 'vitest'
import { tableState } from '../../src/console/table-state.ts'
import { label } from '../../src/hosts/label.ts'
import { machineSorts } from '../../src/views/machine/sorts.ts'
import { isFault, machineView } from '../../src/views/machine/view.ts'
import { sortRows } from '../../src/views/sort.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { worldOf } from '../support/world.ts'

const names = ['kiosk-10', 'kiosk-9', 'db', 'Web', 'ägypten']
const machines = names.map((name, i) => machine({ name, uuid: uuid(i) }))
const sorted = (sort: string, descending = false, of = machines) =>
  machineView.rows(worldOf(snapshot(of)), { ...tableState(sort), descending }).map(({ name }) => name)

describe('the rows of machines', () => {
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

  it('leaves them in their own order where the column is not known', () => {
    expect(sorted('nothing')).toEqual(names)
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
    const rows = machineView.rows(worldOf(shown), { ...tableState('name'), faultsOnly: true })
    expect(rows.map(({ name }) => name)).toEqual(['crashed', 'stale', 'twice'])
    expect(isFault(machine(), worldOf(shown))).toBe(false)
  })

  it('are those of a host where one is named, and of no other that is called alike', () => {
    const some = ['hv1', 'hv10'].map((on, i) => machine({ name: on, uuid: uuid(i), host: on }))
    const of = (host: string) =>
      machineView.rows(worldOf(snapshot(some)), { ...tableState('name'), host }).map(({ name }) => name)
    expect(of('hv1')).toEqual(['hv1'])
    expect(of('hv')).toEqual([])
    expect(of('')).toEqual(['hv1', 'hv10'])
  })

  it('finds a machine by state, host and title too', () => {
    const some = [
      machine({ name: 'one', uuid: uuid(1), title: label('Room 2.14') }),
      machine({ name: 'two', uuid: uuid(2), host: 'hv7' }),
      machine({ name: 'three', uuid: uuid(3), state: 'paused' }),
    ]
    const found = (filter: string) =>
      machineView.rows(worldOf(snapshot(some)), { ...tableState('name'), filter }).map(({ name }) => name)
    expect(found('2.14')).toEqual(['one'])
    expect(found('hv7')).toEqual(['two'])
    expect(found('paused')).toEqual(['three'])
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

  it('puts the rows of now where those of the last time stood, as long as keys and names are the same', () => {
    const name = (row: { name: string }) => row.name
    const sorted = (rows: readonly { name: string; load: number; note?: string }[], descending = false) =>
      sortRows(rows, ({ load }) => load, descending, name)
    const [a, b, c] = [
      { name: 'a', load: 3 },
      { name: 'b', load: 1 },
      { name: 'c', load: 2 },
    ]
    expect(sorted([a, b, c])).toEqual([b, c, a])
    const newer = { ...c, note: 'newer' }
    expect(sorted([a, b, newer])).toEqual([b, newer, a])
    expect(sorted([a, { ...b, load: 9 }, c]).map(name)).toEqual(['c', 'a', 'b'])
    expect(sorted([a, { ...b, name: 'z', load: 3 }, c]).map(name)).toEqual(['c', 'a', 'z'])
    expect(sorted([a, { ...b, name: 'A', load: 3 }, c]).map(name)).toEqual(['c', 'a', 'A'])
    expect(sorted([a, b, c], true)).toEqual([a, c, b])
    expect(sorted([a, b])).toEqual([b, a])
  })
})
