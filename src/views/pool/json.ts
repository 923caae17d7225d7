import { type PoolRecord, provisioned } from '../../fleet/pool/record.ts'
import { orNull, timeJson } from '../../text/json.ts'
import type { Moment } from '../world.ts'
import { isOld, supplyOf } from './facts.ts'

/** A storage pool as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function poolJson(pool: PoolRecord, { snapshot, now }: Moment) {
  const left = supplyOf(pool, snapshot)?.left
  return {
    name: pool.rawName,
    host: pool.host,
    capacityBytes: pool.capacity,
    usedBytes: pool.capacity - pool.available,
    availableBytes: pool.available,
    provisionedBytes: orNull(provisioned(pool)),
    fullInSeconds: left === undefined ? null : Math.round(left / 1000),
    volumes: orNull(
      pool.volumes?.map(({ name, capacity, allocation }) => ({
        name,
        capacityBytes: Math.round(capacity),
        allocationBytes: Math.round(allocation),
      })),
    ),
    stale: isOld(pool, { snapshot, now }),
    seenAt: timeJson(pool.at),
  }
}
