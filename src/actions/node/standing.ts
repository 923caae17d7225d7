import type { NodeRecord } from '../../fleet/cluster/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import type { Standing } from '../action.ts'
import { clusterOf } from '../cluster/teller.ts'

interface Kept {
  readonly state: Label
  readonly runs: number
  /** the whole cluster is in maintenance */
  readonly rests: boolean
}

export const nodeStanding: Standing<NodeRecord, Kept> = {
  facts: (node, snapshot) => ({ state: label(node.state), runs: node.runs, rests: doesRest(node, snapshot) }),
  words: ({ state, runs, rests }, other) =>
    rests === other.rests
      ? say`${state}, runs ${runs}`
      : say`${state}, runs ${runs}, the cluster ${rests ? say`in maintenance` : say`looked after`}`,
}

/** Whether its whole cluster is in maintenance. */
export function doesRest(node: NodeRecord, snapshot: Parameters<typeof clusterOf>[1]): boolean {
  const { partitions = [] } = clusterOf(node, snapshot) ?? {}
  return partitions.some(({ told }) => told.reading.cluster.maintenance)
}
