import type { PoolRecord } from '../../fleet/pool/record.ts'
import { label, say } from '../../hosts/label.ts'
import { gauge, percent, span } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Cell, Column } from '../column.ts'
import type { Moment } from '../world.ts'
import { poolSeverity, poolShare, provisionedText, size, supplyOf } from './facts.ts'

/** The columns of storage pools. */
export function poolColumns({ snapshot }: Moment): readonly Column<PoolRecord>[] {
  const right = { align: 'right' } as const
  return [
    { id: 'name', title: say`POOL`, width: 12, grows: 24, givesWay: 0, cell: ({ name }) => name },
    { id: 'host', title: say`HOST`, width: 8, grows: 12, givesWay: 0, cell: ({ host }) => label(host) },
    { id: 'used', title: say`USED`, width: 18, givesWay: 0, cell: (pool) => usedCell(pool, snapshot) },
    {
      id: 'free',
      title: say`FREE`,
      width: 6,
      ...right,
      givesWay: 0,
      cell: ({ available }) => size(available),
    },
    { id: 'size', title: say`SIZE`, width: 6, ...right, givesWay: 1, cell: ({ capacity }) => size(capacity) },
    {
      id: 'provisioned',
      title: say`PROVISIONED`,
      width: 13,
      ...right,
      givesWay: 2,
      cell: provisionedText,
    },
    {
      id: 'left',
      title: say`FULL IN`,
      width: 7,
      ...right,
      givesWay: 1,
      cell: (pool) => span(supplyOf(pool, snapshot)?.left),
    },
    {
      id: 'volumes',
      title: say`VOLUMES`,
      width: 7,
      ...right,
      givesWay: 3,
      cell: ({ volumes }) => (volumes ? say`${volumes.length}` : dash),
    },
  ]
}

function usedCell(pool: PoolRecord, snapshot: Moment['snapshot']): Cell {
  const share = poolShare(pool, pool.capacity - pool.available) ?? 0
  const text = say`${gauge(share, 10)} ${percent(share)}`
  const severity = poolSeverity(pool, snapshot)
  return severity ? [text, severity === 'bad' ? 'trouble' : 'warning'] : text
}
