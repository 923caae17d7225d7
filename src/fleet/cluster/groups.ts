import { label } from '../../hosts/label.ts'
import type { Manager, TellerRecord, Telling } from './record.ts'

/** Who has never answered is of the cluster that has a node of its name. */
export function groupsOf(tellers: readonly TellerRecord[]): TellerRecord[][] {
  const groups: {
    readonly names: Set<string>
    readonly manager: Manager
    readonly members: TellerRecord[]
  }[] = []
  for (const teller of tellers) {
    const names = [label(teller.host), ...marksOf(teller.reading)]
    const { manager } = teller
    const own = groups.filter(
      (group) => group.manager === manager && names.some((name) => group.names.has(name)),
    )
    const joined = {
      manager,
      names: new Set([...own.flatMap((group) => [...group.names]), ...names]),
      members: [...own.flatMap(({ members }) => members), teller],
    }
    groups.splice(0, groups.length, ...groups.filter((group) => !own.includes(group)), joined)
  }
  const order = new Map(tellers.map((teller, i) => [teller, i]))
  const place = (teller: TellerRecord | undefined) => (teller ? (order.get(teller) ?? 0) : 0)
  return groups
    .map(({ members }) => members.toSorted((a, b) => place(a) - place(b)))
    .sort(([a], [b]) => place(a) - place(b))
}

/** By which it is known whether two tell of the same cluster. */
function marksOf(reading: Telling | undefined): string[] {
  if (!reading) return []
  const { nodes, resources } = reading.cluster
  const shared = reading.hearsNobody ? resources.map(({ rawId }) => rawId) : []
  return [...nodes.map(({ name }) => name), ...shared]
}
