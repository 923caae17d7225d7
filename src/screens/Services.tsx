import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Detail, detailOf } from '../components/Detail.tsx'
import { Table } from '../components/Table.tsx'
import { TextPage } from '../components/TextPage.tsx'
import type { Console } from '../console/console.ts'
import { lastSeenAt } from '../fleet/aged.ts'
import { shareOf } from '../fleet/balance.ts'
import type { Snapshot } from '../fleet/model.ts'
import type { RealRecord, ServiceRecord } from '../fleet/virtual-services.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Traffic } from '../services/lvs/facts.ts'
import { bytes } from '../text/format.ts'
import type { Tone } from '../text/part.ts'
import { dash } from '../text/part.ts'
import type { Column } from '../views/column.ts'
import { dutyTone, unseenText, weightText } from '../views/frontend/facts.ts'
import type { ServiceRow } from '../views/rows.ts'
import { balancersText, serviceLines } from '../views/service/page.ts'
import type { ScreenProps } from './screen.ts'

/** The virtual services as a tree: each with the real servers that answer for it. */
export function Services({ console, width, height }: ScreenProps): ReactNode {
  const { snapshot, fleet } = console
  const { selected, top } = console.tables.place('services')
  const { service } = console
  const detail = detailOf(service && balancersText(service, snapshot.balancers), width, height)
  return (
    <Box flexDirection="column" height={height}>
      <Table
        columns={columns(snapshot, fleet.now())}
        rows={console.serviceRows()}
        id={({ id }) => id}
        selected={selected}
        top={top}
        kind={({ service }) => (lastSeenAt([service], snapshot) === undefined ? undefined : 'stale')}
        width={width}
        height={height - detail.length}
        empty={emptyText(console)}
      />
      <Detail lines={detail} width={width} />
    </Box>
  )
}

/** One virtual service in full. */
export function Service({ console, width, height }: ScreenProps): ReactNode {
  const { service, snapshot } = console
  const lines = service
    ? serviceLines(service, snapshot, width - 4)
    : [[say`This virtual service is gone. Esc goes back.`]]
  return <TextPage console={console} lines={lines} width={width} height={height} />
}

function emptyText({ snapshot, tables }: Console): Label {
  const { filter, faultsOnly } = tables.of('services')
  if (filter) return say`no virtual service matches the filter; Esc takes it away`
  if (faultsOnly) return say`every real server is in service`
  if (!snapshot.balancers.length) return say`no host of the configuration is a balancer (docs/frontends.md)`
  if (snapshot.balancers.some(({ lvs, lvsTrouble }) => !lvs && !lvsTrouble)) return say`asking the balancers`
  const silent = snapshot.balancers.filter(({ lvsTrouble }) => lvsTrouble).map(({ host }) => host)
  return silent.length
    ? say`not known: ${label(silent.join(', '))} does not answer`
    : say`no virtual services on the balancers`
}

function stateOf({ reals, fallback, amiss }: ServiceRecord): Label | readonly [Label, Tone] {
  if (amiss) return [label(amiss.word), 'trouble']
  const serving = reals.filter(({ weight }) => weight > 0).length
  if (!serving) return [fallback ? say`fallback answers` : say`nobody in service`, 'trouble']
  const text = say`${serving} of ${reals.length} in service`
  return serving === reals.length ? text : [text, 'warning']
}

function dutyCell({ duty }: RealRecord): Label | readonly [Label, Tone] {
  const tone = dutyTone(duty)
  return tone ? [label(duty), tone] : label(duty)
}

function columns(snapshot: Snapshot, now: number): readonly Column<ServiceRow>[] {
  const right = { align: 'right' } as const
  type Cell = Label | readonly [Label, Tone]
  const cell =
    (ofService: (service: ServiceRecord) => Cell, ofReal: (real: RealRecord) => Cell) => (row: ServiceRow) =>
      row.real ? ofReal(row.real) : ofService(row.service)
  const sum = (of: (real: RealRecord) => number) =>
    cell(
      ({ reals }) => say`${reals.reduce((all, one) => all + of(one), 0)}`,
      (real) => say`${of(real)}`,
    )
  const rate = (of: (rate: Traffic) => Label) =>
    cell(
      (service) => (service.rate ? of(service.rate) : dash),
      (real) => (real.rate ? of(real.rate) : dash),
    )
  return [
    {
      id: 'name',
      title: say`SERVICE, REAL SERVER`,
      width: 25,
      grows: 60,
      givesWay: 0,
      cell: (row) =>
        row.real
          ? say`${label(row.isLast ? '└' : '├')} ${row.real.name === row.real.address ? say`` : say`${row.real.name} `}${label(row.real.real)}`
          : say`${row.service.name}  ${row.service.scheduler}`,
    },
    {
      id: 'state',
      title: say`STATE`,
      width: 17,
      grows: 24,
      givesWay: 0,
      cell: cell(
        (service) => unseenText([service], snapshot, now) ?? stateOf(service),
        (real) => unseenText([real], snapshot, now) ?? dutyCell(real),
      ),
    },
    {
      id: 'weight',
      title: say`WEIGHT`,
      width: 7,
      ...right,
      givesWay: 0,
      cell: cell(({ reals }) => say`${reals.reduce((all, { weight }) => all + weight, 0)}`, weightText),
    },
    { id: 'active', title: say`ACTIVE`, width: 6, ...right, givesWay: 0, cell: sum(({ active }) => active) },
    {
      id: 'inactive',
      title: say`INACT`,
      width: 5,
      ...right,
      givesWay: 1,
      cell: sum(({ inactive }) => inactive),
    },
    {
      id: 'share',
      title: say`SHARE`,
      width: 9,
      ...right,
      givesWay: 2,
      cell: cell(
        () => dash,
        (real) => {
          const share = shareOf(real, snapshot.balancers)
          return share ? say`${Math.round(share.actual * 100)}%/${Math.round(share.fair * 100)}%` : dash
        },
      ),
    },
    {
      id: 'rate',
      title: say`CONN/s`,
      width: 6,
      ...right,
      givesWay: 3,
      cell: rate(({ connections }) => say`${connections}`),
    },
    {
      id: 'in',
      title: say`BYTES in`,
      width: 8,
      ...right,
      givesWay: 4,
      cell: rate(({ bytesIn }) => bytes(bytesIn)),
    },
    {
      id: 'flags',
      title: say`FLAGS`,
      width: 14,
      givesWay: 5,
      cell: cell(
        ({ flags }) => flags || dash,
        () => say``,
      ),
    },
    {
      id: 'balancer',
      title: say`BALANCER`,
      width: 9,
      givesWay: 6,
      cell: cell(
        ({ balancer }) => label(balancer),
        () => say``,
      ),
    },
  ]
}
