import type { Label } from '../../hosts/label.ts'
import { kinds } from '../kinds.ts'
import type { Snapshot } from '../snapshot.ts'
import { isClone } from './places.ts'
import type { NodeRecord, ResourceRecord } from './record.ts'

/** What goes where a resource goes: the group that it is in, else itself. */
export function movingWith(resource: ResourceRecord, snapshot: Snapshot): readonly ResourceRecord[] {
  const group = groupOf(resource)
  if (group === undefined) return [resource]
  return kinds.resource
    .all(snapshot)
    .filter((one) => one.cluster === resource.cluster && groupOf(one) === group)
}

/** The group that is moved with it as one. */
export function groupOf({ within }: ResourceRecord): Label | undefined {
  return within.find(({ kind }) => kind === 'group')?.id
}

/** What a node would leave to others: what may run on one alone. */
export function runningOn({ name, cluster }: NodeRecord, snapshot: Snapshot): readonly ResourceRecord[] {
  return kinds.resource
    .all(snapshot)
    .filter((one) => one.cluster === cluster && !isClone(one) && one.places.some(({ node }) => node === name))
}
