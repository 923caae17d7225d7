import { type Label, label, type Raw } from '../../hosts/label.ts'
import type { PoolSize } from '../../services/libvirt/facts.ts'
import type { Volume } from '../../services/libvirt/volumes.ts'

/** A storage pool of a hypervisor. Sizes are bytes. */
export interface PoolRecord {
  /** `hv1 default`: pools of several hosts have the same name */
  readonly id: string
  readonly host: string
  readonly name: Label
  /** as libvirt has it: to be passed on, never to be shown */
  readonly rawName: Raw
  /** milliseconds since the epoch when this was read */
  readonly at: number
  readonly capacity: number
  readonly available: number
  /** none: they could not be read */
  readonly volumes?: readonly Volume[]
}

/** By what a pool is found. */
export function poolId(host: string, pool: Raw): string {
  return `${host} ${pool}`
}

/** The pools of which a host told. */
export function poolsOf(host: string, sizes: readonly PoolSize[]): PoolRecord[] {
  return sizes.map(({ rawName, at, capacity, available, volumes }) => ({
    id: poolId(host, rawName),
    host,
    name: label(rawName),
    rawName,
    at,
    capacity,
    available,
    ...(volumes ? { volumes } : {}),
  }))
}

/** What its volumes may grow to, all together, in bytes; undefined: not known. */
export function provisioned({ volumes }: PoolRecord): number | undefined {
  return volumes?.reduce((sum, { capacity }) => sum + capacity, 0)
}
