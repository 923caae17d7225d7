import { joined, type Label, say } from '../../hosts/label.ts'
import type { ResourceRecord } from './record.ts'

/** The nodes that it runs on, each once. */
export function nodesOf({ places }: ResourceRecord): Label[] {
  return [...new Set(places.map(({ node }) => node))]
}

/** The nodes on which it runs already, each once: where it is only being started it does not. */
export function runningNodes({ places }: ResourceRecord): Label[] {
  return [...new Set(places.filter(({ role }) => role !== 'Starting').map(({ node }) => node))]
}

export function isClone({ within }: ResourceRecord): boolean {
  return within.some(({ kind }) => kind !== 'group')
}

/** More than one node runs what one alone may; while it is moved live, both do. */
export function isTwice(resource: ResourceRecord): boolean {
  if (isClone(resource) || nodesOf(resource).length < 2) return false
  // Moved live, it is stopped where it came from when it runs on the other already.
  const moves = resource.machine?.isLive ? ['Migrating', 'Stopping'] : ['Migrating']
  return !resource.places.some(({ role }) => moves.includes(role))
}

/** It should run, and does not. */
export function isNowhere(resource: ResourceRecord): boolean {
  const { places, targetRole, clusterRests, orphaned, managed, isToStart, isMissed } = resource
  if (isUnsure(resource) || isToStart) return false
  return (
    (!places.length || isMissed === true) && targetRole !== 'Stopped' && !clusterRests && !orphaned && managed
  )
}

/** Nobody who was asked has it, and not all could be asked. */
export function isUnsure({ places, unsure }: ResourceRecord): boolean {
  return !places.length && unsure.length > 0
}

/** `ha1`, `ha1 and ha2`, `ha1, ha2 and ha3` */
export function listed(names: readonly Label[]): Label {
  const last = names.at(-1)
  if (!last) return say`nothing`
  const rest = names.slice(0, -1)
  return rest.length ? say`${joined(rest, ', ')} and ${last}` : last
}
