import { describe, expect, it } from 'vitest'
import { listOf } from '../../src/console/table-kinds.ts'
import { isTableKind, shownKinds, tableViewOf, viewOf } from '../../src/views/kinds.ts'
import { columnsNamed } from '../../src/views/named.ts'
import { snapshot } from '../support/records.ts'
import { worldOf } from '../support/world.ts'

const world = worldOf(snapshot([]))

describe.each(shownKinds.filter(isTableKind))('the columns of the kind %s', (kind) => {
  const view = tableViewOf(kind)
  const columns = view.columns(world)

  it('are each meant by the id, and by the heading alone', () => {
    for (const column of columns) {
      expect(columnsNamed(columns, column.id)).toEqual([column])
      expect(columnsNamed(columns, column.title)).toEqual([column])
    }
  })

  it('are those by which it is sorted, and the first is its name', () => {
    const ids = columns.map(({ id }) => id)
    expect(Object.keys(view.sorts).filter((id) => !ids.includes(id))).toEqual([])
    expect([ids[0], columns[0]?.givesWay]).toEqual(['name', 0])
  })
})

it('keys act on what marked rows stand for', () => {
  for (const kind of shownKinds.filter(isTableKind)) {
    const { marks = [] } = tableViewOf(kind)
    expect(viewOf(kind).keysFor.list).toEqual(expect.arrayContaining([...marks]))
  }
})

it('other words for a list are not its own, nor those of another', () => {
  const all = shownKinds
    .filter(isTableKind)
    .flatMap((kind) => [listOf(kind), ...(tableViewOf(kind).words ?? [])])
  expect(all.filter((word, i) => all.indexOf(word) !== i)).toEqual([])
})
