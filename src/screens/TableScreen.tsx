import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Detail, detailOf } from '../components/Detail.tsx'
import { Table } from '../components/Table.tsx'
import type { Console } from '../console/console.ts'
import { kindIn, listOf } from '../console/table-kinds.ts'
import type { Kind } from '../fleet/ref.ts'
import { type Label, say } from '../hosts/label.ts'
import { tableViewOf, viewOf } from '../views/kinds.ts'
import { nothingText } from '../views/nothing.ts'
import type { ShownKind } from '../views/world.ts'
import type { ScreenProps } from './screen.ts'

/** The table of the kind that is listed; below it, where its rows have no room for that, why the selected one is as it is. */
export function TableScreen({ console, width, height }: ScreenProps): ReactNode {
  const kind = console.table && kindIn(console.table)
  if (!kind || kind === 'event') return null
  return <KindTable kind={kind} console={console} width={width} height={height} />
}

function KindTable({ kind, console, width, height }: ScreenProps & { readonly kind: Kind }): ReactNode {
  const { world } = console
  const view = tableViewOf(kind)
  const { sort, descending, marked } = console.tables.of(listOf(kind))
  const { selected, top } = console.tables.place(listOf(kind))
  const rows = console.rows(kind)
  const row = rows[selected]
  const detail = view.note
    ? detailOf(row === undefined ? undefined : view.note(row, world), width, height)
    : []
  return (
    <Box flexDirection="column" height={height}>
      <Table
        columns={console.columns(kind)}
        rows={rows as readonly unknown[]}
        id={view.rowId}
        selected={selected}
        top={top}
        marked={marked}
        sort={{ column: sort, descending }}
        kind={(one) => view.tone?.(one, world)}
        width={width}
        height={height - detail.length}
        empty={emptyText(kind, console)}
      />
      <Detail lines={detail} width={width} />
    </Box>
  )
}

/** What is said in place of rows. */
export function emptyText(kind: ShownKind, { tables, world }: Console): Label {
  const state = tables.of(listOf(kind))
  const { filter, host } = state
  const way = filter ? say`; Esc takes the filter away` : host ? say`; Esc shows all` : say``
  return say`${nothingText(viewOf(kind), state, world)}${way}`
}
