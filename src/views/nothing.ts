import { type Label, label, say } from '../hosts/label.ts'
import { unknownText } from './source.ts'
import type { View } from './view.ts'
import type { Choice, World } from './world.ts'

/**
 * What is said in place of the rows of a list that has none: that nothing is known, as long as somebody has not told; else that there is
 * none. For every kind.
 */
export function nothingText(
  { name, source, none, noFaults }: Pick<View<never>, 'name' | 'source' | 'none' | 'noFaults'>,
  { filter, host, faultsOnly }: Choice,
  { snapshot }: Pick<World, 'snapshot'>,
): Label {
  const all = source?.tellers(snapshot) ?? []
  const own = all.filter((one) => one.host === host)
  // Of a host that does not tell itself others do.
  const unknown = unknownText(own.length ? own : all)
  if (filter) return say`no ${name} matches ${label(filter)}${unknown ? say`; ${unknown}` : say``}`
  if (unknown) return unknown
  if (source && !all.length) return source.nobody
  if (host) return say`no ${name} of ${label(host)}`
  return faultsOnly ? noFaults : none
}
