import { listed, nodesOf } from '../../fleet/cluster/places.ts'
import type { ResourceRecord } from '../../fleet/cluster/record.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'

interface Kept {
  readonly where: Label
  readonly rules: readonly Label[]
  readonly managed: boolean
  readonly failed: number
}

/** `started on ha1`, `failed on ha1`, `runs nowhere` */
export function resourceWords(resource: ResourceRecord): Label {
  const { places, blocked, failed } = resource
  const [first] = places
  const how = blocked ? say`blocked` : failed ? say`failed` : label((first?.role ?? '').toLowerCase())
  return first ? say`${how} on ${listed(nodesOf(resource))}` : say`runs nowhere`
}

export const resourceStanding: Standing<ResourceRecord, Kept> = {
  facts: (resource) => ({
    where: resourceWords(resource),
    rules: resource.rules.map(({ id }) => id),
    managed: resource.managed,
    failed: resource.failCounts.reduce((sum, { count }) => sum + (count ?? 1), 0),
  }),
  words: ({ where, rules, managed, failed }, other) =>
    joined(
      [
        where,
        ...(rules.join() === other.rules.join()
          ? []
          : [rules.length ? say`rules left: ${joined(rules, ' ')}` : say`no rule left`]),
        ...(managed === other.managed ? [] : [managed ? say`managed` : say`not managed`]),
        ...(failed === other.failed ? [] : [say`failed ${failed} times`]),
      ],
      ', ',
    ),
}
