import { type PoolRecord, provisioned } from '../../fleet/pool/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { isStale } from '../../fleet/snapshot.ts'
import { supplySeverity } from '../../fleet/supply/runs-out.ts'
import type { Supply } from '../../fleet/supply/supplies.ts'
import { type Label, say } from '../../hosts/label.ts'
import { memory, percent } from '../../text/format.ts'
import { dash } from '../../text/part.ts'
import type { Moment } from '../world.ts'

/** What is watched of it as something that runs out; undefined: it is not known now. */
export function supplyOf(pool: PoolRecord, { supplies }: Pick<Snapshot, 'supplies'>): Supply | undefined {
  return supplies.find(
    ({ kind, host, which }) => kind === 'pool' && host === pool.host && which === pool.name,
  )
}

/** How near its end it is. */
export function poolSeverity(pool: PoolRecord, snapshot: Pick<Snapshot, 'supplies'>) {
  const supply = supplyOf(pool, snapshot)
  return supply && supplySeverity(supply)
}

/** Bytes as libvirt counts them: `120G`. */
export function size(bytes: number | undefined): Label {
  return memory(bytes === undefined ? undefined : bytes / 1024)
}

/** Of what it holds, 0 to 100 and more. */
export function poolShare(pool: PoolRecord, bytes: number | undefined): number | undefined {
  return bytes === undefined || pool.capacity <= 0 ? undefined : (bytes / pool.capacity) * 100
}

/** `240G (94%)`: what its volumes may grow to. */
export function provisionedText(pool: PoolRecord): Label {
  const all = provisioned(pool)
  return all === undefined ? dash : say`${size(all)} (${percent(poolShare(pool, all))})`
}

/** Thin volumes may grow to more than there is: said where they can fill what is left. */
export function poolNote(pool: PoolRecord): Label | undefined {
  const all = provisioned(pool)
  if (all === undefined) return undefined
  const grown = pool.volumes?.reduce(
    (sum, { capacity, allocation }) => sum + Math.max(0, capacity - allocation),
    0,
  )
  return grown !== undefined && grown > pool.available
    ? say`its volumes may still grow by ${size(grown)}, and ${size(pool.available)} are free`
    : undefined
}

/** Milliseconds: it is read once a minute, and a look that failed is made up for by the next. */
const oldAfter = 150_000

/** Whether what is told of it is not how it is now. */
export function isOld({ host, at }: PoolRecord, { snapshot, now }: Moment): boolean {
  return isStale(snapshot, host, now) || now - at > oldAfter
}
