import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Detail, detailOf } from '../components/Detail.tsx'
import { Table } from '../components/Table.tsx'
import { TextPage } from '../components/TextPage.tsx'
import type { Console } from '../console/console.ts'
import { lastSeenAt } from '../fleet/aged.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { frontendColumns } from '../views/frontend/columns.ts'
import { frontendNote } from '../views/frontend/facts.ts'
import { frontendLines } from '../views/frontend/page.ts'
import type { ScreenProps } from './screen.ts'

/** The front ends behind the balancers, a row each. */
export function Frontends({ console, width, height }: ScreenProps): ReactNode {
  const { snapshot, fleet } = console
  const { sort, descending, marked } = console.tables.of('frontends')
  const { selected, top } = console.tables.place('frontends')
  const { frontend } = console
  const note = frontend && frontendNote(frontend, snapshot, fleet.now())
  const detail = detailOf(note && say`${frontend.name}: ${note}`, width, height)
  return (
    <Box flexDirection="column" height={height}>
      <Table
        columns={frontendColumns(snapshot, fleet.history, fleet.now())}
        rows={console.frontendRows()}
        id={({ address }) => address}
        selected={selected}
        top={top}
        marked={marked}
        sort={{ column: sort, descending }}
        kind={({ services }) => (lastSeenAt(services, snapshot) === undefined ? undefined : 'stale')}
        width={width}
        height={height - detail.length}
        empty={emptyText(console)}
      />
      {/* Why it is as it is: the row has no room for that. */}
      <Detail lines={detail} width={width} />
    </Box>
  )
}

function emptyText({ snapshot, tables }: Console): Label {
  const { filter, faultsOnly } = tables.of('frontends')
  if (filter) return say`no front end matches the filter; Esc takes it away`
  if (faultsOnly) return say`all are in service, and answer rightly`
  if (!snapshot.balancers.length)
    return say`no host of the configuration is a balancer or a front end (docs/frontends.md)`
  if (snapshot.balancers.some(({ lvs, lvsTrouble }) => !lvs && !lvsTrouble)) return say`asking the balancers`
  const silent = snapshot.balancers.filter(({ lvsTrouble }) => lvsTrouble).map(({ host }) => host)
  return silent.length
    ? say`not known: ${label(silent.join(', '))} does not answer`
    : say`no virtual services on the balancers`
}

/** One front end: what it does for each service, and its processes. */
export function Frontend({ console, width, height }: ScreenProps): ReactNode {
  const { frontend, snapshot, fleet } = console
  const lines = frontend
    ? frontendLines(frontend, snapshot, fleet.now(), width - 4)
    : [[say`This front end is gone. Esc goes back.`]]
  return <TextPage console={console} lines={lines} width={width} height={height} />
}
