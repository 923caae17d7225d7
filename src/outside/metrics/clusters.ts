import { clustersOf } from '../../fleet/cluster/cluster.ts'
import type { ClusterRecord, NodeRecord, ResourceRecord } from '../../fleet/cluster/record.ts'
import { type Metric, type Sample, sample } from './metric.ts'

/** Of each cluster of which somebody knows how it is. */
function ofClusters(
  samples: (cluster: ClusterRecord) => readonly Sample[],
  manager?: ClusterRecord['manager'],
): Metric['samples'] {
  return ({ snapshot: { clusters } }) =>
    clustersOf(clusters)
      .filter((one) => one.isKnown && (!manager || one.manager === manager))
      .flatMap(samples)
}

const ofPacemaker = (samples: (cluster: ClusterRecord) => readonly Sample[]) =>
  ofClusters(samples, 'pacemaker')

/** Each state that it may have, as ha_cluster_exporter has it: 1 for those that it has. */
function nodeSamples(node: NodeRecord): Sample[] {
  const { facts, name, cluster } = node
  const states = {
    online: facts.online,
    standby: facts.standby,
    standby_onfail: facts.standbyOnFail,
    maintenance: facts.maintenance,
    pending: facts.pending,
    unclean: facts.unclean,
    shutdown: facts.shutdown,
    dc: facts.isDc,
  }
  return Object.entries(states).flatMap(([status, isSo]) =>
    sample({ cluster, node: name, type: facts.type, status }, Number(isSo)),
  )
}

function resourceSamples(resource: ResourceRecord): Sample[] {
  const { cluster, name, agent, within, managed, places } = resource
  const inside = (kind: 'group' | 'clone') => within.find((one) => one.kind === kind)?.id ?? ''
  const labels = { cluster, resource: name, agent, clone: inside('clone'), group: inside('group') }
  const states = (isFailed: boolean, isActive: boolean) => ({
    active: isActive,
    orphaned: resource.orphaned,
    blocked: resource.blocked,
    failed: isFailed,
  })
  const all = places.length
    ? places.map(({ node, role, failed }) => ({ node, role, of: states(failed, true) }))
    : [{ node: '', role: 'Stopped', of: states(resource.failed, false) }]
  return all.flatMap(({ node, role, of }) =>
    Object.entries(of).flatMap(([status, isSo]) =>
      sample({ ...labels, managed: String(managed), node, role: role.toLowerCase(), status }, Number(isSo)),
    ),
  )
}

/** Pacemaker's infinity is no number: crm_mon(8) writes a million. */
function scoreOf(score: string): number | undefined {
  const sign = score.startsWith('-') ? -1 : 1
  if (/INFINITY$/i.test(score)) return sign * Number.POSITIVE_INFINITY
  const value = Number(score)
  if (!Number.isFinite(value)) return undefined
  return Math.abs(value) >= 1_000_000 ? sign * Number.POSITIVE_INFINITY : value
}

export const clusterMetrics: readonly Metric[] = [
  {
    name: 'vdd_cluster_partitions',
    help: 'Parts of a cluster that do not see each other: more than 1 is a split brain.',
    samples: ofClusters(({ id, manager, partitions }) => sample({ cluster: id, manager }, partitions.length)),
  },
  {
    name: 'vdd_node_online',
    help: 'Whether a node of a cluster is online.',
    samples: ofClusters(({ manager, nodes }) =>
      nodes
        .filter(({ state }) => state !== 'not known')
        .flatMap(({ cluster, name, facts }) =>
          sample({ cluster, manager, node: name }, Number(facts.online)),
        ),
    ),
  },
  {
    name: 'vdd_resource_running',
    help: 'On how many nodes a resource of a cluster runs; left out where that is not known.',
    samples: ofClusters(({ manager, resources }) =>
      resources
        .filter(({ unsure }) => !unsure.length)
        .flatMap(({ cluster, name, places }) =>
          sample({ cluster, manager, resource: name }, new Set(places.map(({ node }) => node)).size),
        ),
    ),
  },
  {
    name: 'ha_cluster_pacemaker_nodes',
    help: 'The status of a node under Pacemaker: 1 for each that it has.',
    samples: ofPacemaker(({ nodes }) =>
      nodes.filter(({ state }) => state !== 'not known').flatMap(nodeSamples),
    ),
  },
  {
    name: 'ha_cluster_pacemaker_resources',
    help: 'The status of a resource under Pacemaker on a node: 1 for each that it has.',
    samples: ofPacemaker(({ resources }) => resources.flatMap(resourceSamples)),
  },
  {
    name: 'vdd_resource_failures',
    help: 'How often a resource failed on a node since somebody cleaned up.',
    samples: ofPacemaker(({ resources }) =>
      resources.flatMap(({ cluster, failCounts }) =>
        failCounts.flatMap(({ resource, node, count }) =>
          sample({ cluster, resource, node }, count ?? Number.POSITIVE_INFINITY),
        ),
      ),
    ),
  },
  {
    name: 'ha_cluster_pacemaker_location_constraints',
    help: 'The score of a rule that a move or a ban has left behind.',
    samples: ofPacemaker(({ resources }) =>
      resources.flatMap(({ cluster, rules }) =>
        rules.flatMap(({ id, resource, node, score }) =>
          sample({ cluster, constraint: id, resource, node, role: '' }, scoreOf(score)),
        ),
      ),
    ),
  },
  {
    name: 'ha_cluster_pacemaker_stonith_enabled',
    help: 'Whether nodes that are lost are fenced.',
    samples: ofPacemaker(({ id, partitions }) =>
      partitions.slice(0, 1).flatMap(({ told }) => {
        const { fencingEnabled } = told.reading.cluster
        return sample({ cluster: id }, fencingEnabled === undefined ? undefined : Number(fencingEnabled))
      }),
    ),
  },
  {
    name: 'ha_cluster_corosync_quorate',
    help: 'Whether a node is in a part of its cluster that has quorum.',
    samples: ofPacemaker(({ nodes }) =>
      nodes
        .filter(({ facts, state }) => facts.online && state !== 'not known')
        .flatMap(({ cluster, name, quorum }) => sample({ cluster, node: name }, Number(quorum))),
    ),
  },
]
