import type { ReactNode } from 'react'
import { Table } from '../components/Table.tsx'
import type { Console } from '../console/console.ts'
import { conditionOf, isStale } from '../fleet/model.ts'
import { say } from '../hosts/label.ts'
import { machineColumns } from '../views/machine/columns.ts'
import type { ScreenProps } from './screen.ts'

/** All machines of the cluster. */
export function Machines({ console, width, height }: ScreenProps): ReactNode {
  const { snapshot, fleet } = console
  const state = console.tables.of('machines')
  const { selected, top } = console.tables.place('machines')
  return (
    <Table
      columns={machineColumns(snapshot, fleet.now())}
      rows={console.machineRows()}
      id={(machine) => machine.uuid}
      selected={selected}
      top={top}
      marked={state.marked}
      sort={{ column: state.sort, descending: state.descending }}
      kind={(machine) => (isStale(snapshot, machine.host, fleet.now()) ? 'stale' : undefined)}
      width={width}
      height={height}
      empty={emptyText(console)}
    />
  )
}

function emptyText({ snapshot, tables, fleet }: Console) {
  const { filter, faultsOnly } = tables.of('machines')
  if (filter) return say`no machine matches the filter; Esc takes it away`
  if (faultsOnly) return say`nothing is wrong`
  const asking = snapshot.hosts.some((h) => conditionOf(snapshot, h, fleet.now()) === 'asking')
  return asking ? say`asking the hosts` : say`no machines`
}
