import { loadShareOf } from '../../fleet/balancer/balance.ts'
import type { RealRecord, ServiceRecord } from '../../fleet/service/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Traffic } from '../../services/lvs/facts.ts'
import { bytes } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Cell, Column } from '../column.ts'
import { dutyTone, unseenText, weightText } from '../frontend/facts.ts'
import type { ServiceRow } from './row.ts'

function stateOf({ reals, fallback, amiss }: ServiceRecord): Cell {
  if (amiss) return [label(amiss.word), 'trouble']
  const serving = reals.filter(({ weight }) => weight > 0).length
  if (!serving) return [fallback ? say`fallback answers` : say`nobody in service`, 'trouble']
  const text = say`${serving} of ${reals.length} in service`
  return serving === reals.length ? text : [text, 'warning']
}

function dutyCell({ duty }: RealRecord): Cell {
  const tone = dutyTone(duty)
  return tone ? [label(duty), tone] : label(duty)
}

/** The columns of the tree of virtual services. */
export function serviceColumns(snapshot: Snapshot, now: number): readonly Column<ServiceRow>[] {
  const right = { align: 'right' } as const
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
          const share = loadShareOf(real, snapshot.balancers)
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
