import { clustersOf } from '../../fleet/cluster/cluster.ts'
import { listed } from '../../fleet/cluster/places.ts'
import {
  type ClusterRecord,
  managerName,
  type NodeRecord,
  type ResourceRecord,
} from '../../fleet/cluster/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { isPlain, named } from '../../services/pacemaker/verbs.ts'

/** The cluster of one of its parts, as it is now. */
export function clusterOf(
  { cluster }: Pick<NodeRecord | ResourceRecord, 'cluster'>,
  snapshot: Snapshot,
): ClusterRecord | undefined {
  return clustersOf(snapshot.clusters).find(({ id }) => id === cluster)
}

/** Whom commands are given to; or why to nobody. */
type Teller = { readonly host: string } | { readonly why: Label }

/**
 * A host that is told what its cluster shall do: one that sees the others, has quorum where only one side has, and knows; not one of these nodes, if
 * another can do it.
 */
export function tellerOf(cluster: ClusterRecord | undefined, besides: readonly Label[] = []): Teller {
  const { partitions = [], tellers = [] } = cluster ?? {}
  const quorate = partitions.filter(({ told }) => told.reading.cluster.quorum)
  const usable = partitions.length > 1 ? quorate : partitions
  const [side, ...more] = usable
  if (!side)
    return {
      why: partitions.length
        ? say`split brain, and no side has quorum: mend the links between the nodes first`
        : say`no node that is asked knows its cluster`,
    }
  if (more.length) {
    const sides = joined(
      partitions.map(({ online }) => listed(online)),
      ' | ',
    )
    return { why: say`split brain: ${sides} do not see each other; mend the links between them first` }
  }
  const knowing = tellers.filter(
    ({ host, trouble, reading }) => !trouble && reading && side.online.includes(label(host)),
  )
  const isBesides = ({ host }: { readonly host: string }) => besides.includes(label(host))
  const { host } = knowing.find((one) => !isBesides(one)) ?? knowing[0] ?? side.told
  return { host }
}

/** `true`, or why its cluster cannot be told anything about it. */
export function canBeTold(of: NodeRecord | ResourceRecord, snapshot: Snapshot): true | Label {
  if (of.manager !== 'pacemaker') return say`${managerName(of.manager)} runs it, which knows no such thing`
  const teller = tellerOf(clusterOf(of, snapshot))
  if ('why' in teller) return teller.why
  const raw = 'rawName' in of ? of.rawName : named(of.name)
  return isPlain(raw) || say`its name is none that Pacemaker gives: it is not passed on`
}

/** Where commands about it go. */
export function toldBy(
  of: NodeRecord | ResourceRecord,
  snapshot: Snapshot,
  besides: readonly Label[] = [],
): string {
  const teller = tellerOf(clusterOf(of, snapshot), besides)
  return 'host' in teller ? teller.host : of.host
}

/** The nodes on which resources may run now. */
export function ableNodes({ nodes }: Pick<ClusterRecord, 'nodes'>): readonly NodeRecord[] {
  return nodes.filter(({ state }) => state === 'online')
}
