import { defined } from '../../hosts/defined.ts'
import type { NodeAsking, NodeLook } from '../node-watch.ts'
import { readCluster, readLeftRules, readMachines } from './client.ts'
import type { ClusterFacts, PacemakerTold } from './facts.ts'
import { isMachineAgent } from './machines.ts'

type Slow = Pick<PacemakerTold, 'left' | 'machines'>

/** What a node of a Pacemaker cluster tells of it. */
export const lookAtPacemaker: NodeLook<Slow, PacemakerTold> = async (asking, { seldom }) => {
  const cluster = await readCluster(asking)
  return { cluster, ...(await seldom(() => readSlow(asking, cluster))) }
}

/** What does not change often. Where there are no machines, nobody asks what they are called. */
async function readSlow(asking: NodeAsking, { resources }: ClusterFacts): Promise<Slow> {
  const hasMachines = resources.some(({ agent }) => isMachineAgent(agent))
  const left = await readLeftRules(asking)
  return defined({ left, machines: hasMachines ? await readMachines(asking) : undefined })
}
