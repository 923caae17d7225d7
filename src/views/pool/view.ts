import { recordOf } from '../../fleet/kinds.ts'
import { type PoolRecord, provisioned } from '../../fleet/pool/record.ts'
import { label, say } from '../../hosts/label.ts'
import { duration } from '../../text/duration.ts'
import { percent } from '../../text/format.ts'
import { fieldLines, tableLines } from '../../text/page.ts'
import { some } from '../../text/part.ts'
import { recordRows } from '../record-rows.ts'
import { highest, type Sorts } from '../sort.ts'
import { askedFor, hypervisors } from '../source.ts'
import type { TableView } from '../view.ts'
import type { World } from '../world.ts'
import { poolColumns } from './columns.ts'
import { isOld, poolNote, poolSeverity, poolShare, provisionedText, size, supplyOf } from './facts.ts'
import { poolJson } from './json.ts'

const used = (pool: PoolRecord) => poolShare(pool, pool.capacity - pool.available)

const sorts: Sorts<PoolRecord> = {
  name: { by: ({ name }) => name },
  host: { by: ({ host }) => host },
  used: highest(used),
  free: { by: ({ available }) => available },
  size: highest(({ capacity }) => capacity),
  provisioned: highest((pool) => poolShare(pool, provisioned(pool))),
  left: { by: (pool, snapshot) => supplyOf(pool, snapshot)?.left },
  volumes: highest(({ volumes }) => volumes?.length),
}

const traits = {
  text: ({ name, host }: PoolRecord) => `${name} ${host}`,
  isFault: (pool: PoolRecord, { snapshot, now }: World) =>
    poolSeverity(pool, snapshot) !== undefined || isOld(pool, { snapshot, now }),
  hostsOf: ({ host }: PoolRecord) => [host],
  sorts,
  name: ({ name, host }: PoolRecord) => `${name} ${host}`,
}

const hits = (pool: PoolRecord, { snapshot }: World) => ({
  pool,
  host: recordOf('host', pool.host, snapshot),
})

/** The storage pools of all hypervisors. */
export const poolView: TableView<PoolRecord> = {
  name: say`storage pool`,
  title: say`Pools`,
  group: 'machines',
  help: 'Shows the storage pools: what is used, what is free, and what their volumes may grow to.',
  ...recordRows('pool', traits, hits),
  sorted: { by: 'name' },
  source: askedFor('pools', hypervisors.nobody),
  none: say`no storage pools`,
  noFaults: say`all have room`,
  keysFor: { list: ['host'], page: ['host'] },
  columns: poolColumns,
  tone: (pool, world) => (isOld(pool, world) ? 'stale' : undefined),
  note: (pool) => poolNote(pool) && say`${pool.name} on ${label(pool.host)}: ${poolNote(pool) ?? say``}`,

  json: poolJson,
  page: (pool, { snapshot, now }, width) => {
    const left = supplyOf(pool, snapshot)?.left
    return [
      ...fieldLines(
        [
          ['Name', pool.name],
          ['Host', label(pool.host)],
          [
            'Seen',
            isOld(pool, { snapshot, now })
              ? say`STALE, ${duration(now - pool.at)} ago`
              : say`${duration(now - pool.at)} ago`,
          ],
          [
            'Used',
            say`${size(pool.capacity - pool.available)} of ${size(pool.capacity)} (${percent(used(pool))})`,
          ],
          ['Free', size(pool.available)],
          ['Provisioned', provisionedText(pool)],
          ['Full in', left === undefined ? undefined : duration(left)],
          ['', poolNote(pool)],
          ['Volumes', pool.volumes ? undefined : say`could not be read`],
        ],
        width,
      ),
      ...tableLines(
        [
          { title: say`VOLUME` },
          { title: say`MAY GROW TO`, align: 'right' },
          { title: say`TAKES`, align: 'right' },
        ],
        (pool.volumes ?? []).map(({ name, capacity, allocation }) => [
          name,
          size(capacity),
          size(allocation),
        ]),
        width,
      ),
    ]
  },
  // `default on hv1, 47% of 256G used, 136G free, full in 3 h 05 min`
  sentence: (pool, { snapshot }) => {
    const left = supplyOf(pool, snapshot)?.left
    return some([
      say`${pool.name} on ${label(pool.host)}`,
      say`${percent(used(pool))} of ${size(pool.capacity)} used`,
      say`${size(pool.available)} free`,
      left !== undefined && say`full in ${duration(left)}`,
      poolNote(pool),
    ])
  },
}
