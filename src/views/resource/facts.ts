import { resourceConditions, ruleText } from '../../fleet/cluster/conditions.ts'
import { isNowhere, isTwice, isUnsure, listed, nodesOf } from '../../fleet/cluster/places.ts'
import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { some, type Tone } from '../../text/part.ts'
import type { Moment } from '../world.ts'

/** How it stands with a resource, in a word or two; what is worst counts. */
export function resourceState(resource: ResourceRecord): readonly [Label, Tone?] {
  const { places, blocked, failed, targetRole, orphaned, managed } = resource
  if (blocked) return [say`blocked`, 'trouble']
  if (failed) return [say`failed`, 'trouble']
  if (isTwice(resource)) return [say`runs twice`, 'trouble']
  if (isNowhere(resource)) return [say`nowhere`, 'trouble']
  if (isUnsure(resource)) return [say`not known`, 'warning']
  if (!places.length) return [targetRole === 'Stopped' ? say`disabled` : say`stopped`]
  if (orphaned) return [say`orphaned`, 'warning']
  const roles = [...new Set(places.map(({ role }) => role))]
  const role = label(roles.map((one) => one.toLowerCase()).join(', '))
  return managed ? [role] : [role, 'warning']
}

/** Where it runs: `ha1`, `ha1 and ha2`; nothing where it does not. */
export function whereText(resource: ResourceRecord): Label {
  const nodes = nodesOf(resource)
  return nodes.length ? listed(nodes) : say``
}

/** `IPaddr2` of `ocf:heartbeat:IPaddr2` */
export function agentName({ agent }: ResourceRecord): Label {
  return label(agent.split(':').at(-1) ?? agent)
}

/** What it is in: `group directory`. */
export function withinText({ within }: ResourceRecord): Label {
  return some(within.map(({ kind, id }) => say`${label(kind)} ${id}`))
}

/** What there is to say of it, the worst first; nothing when all is well. */
export function resourceNote(resource: ResourceRecord): Label {
  const [first] = resourceConditions(resource)
  if (first) return first.text
  const [rule] = resource.rules
  if (rule) return ruleText(rule)
  return resource.pending ? say`${label(resource.pending.toLowerCase())}` : say``
}

/** Whether a person should look at it. */
export function isAmiss(resource: ResourceRecord): boolean {
  return resourceConditions(resource).length > 0 || resource.rules.length > 0
}

/** What was told of it is so old that it may be otherwise. */
export function isOld({ at }: ResourceRecord, { snapshot, now }: Moment): boolean {
  return now - at > snapshot.staleAfter
}
