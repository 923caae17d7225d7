import { label } from '../../hosts/label.ts'
import { oncePer } from '../../hosts/once.ts'
import { isMachineAgent } from '../../services/pacemaker/machines.ts'
import type { MachineRecord } from '../machine/record.ts'
import type { Snapshot } from '../snapshot.ts'
import { clustersOf } from './cluster.ts'
import type { ResourceRecord, TellerRecord } from './record.ts'

/** The resources that are virtual machines, by the names of these. */
const byMachine = oncePer((tellers: readonly TellerRecord[]) => {
  const all = clustersOf(tellers).flatMap(({ nodes, resources }) => {
    const names = new Set(nodes.map(({ name }) => name))
    return resources.flatMap((resource) =>
      resource.machine ? { resource, names, of: resource.machine.name } : [],
    )
  })
  return Map.groupBy(all, ({ of }) => of)
})

/** The resource that a machine is; undefined: no cluster runs it. Its host is a node of that cluster. */
export function ownerOf(
  { rawName, host }: Pick<MachineRecord, 'rawName' | 'host'>,
  { clusters }: Pick<Snapshot, 'clusters'>,
): ResourceRecord | undefined {
  const own = byMachine(clusters).get(rawName) ?? []
  return own.find(({ names }) => names.has(label(host)))?.resource
}

/** The same, where the cluster looks after it now: what is done to the machine it undoes, or takes for a failure. */
export function actingOwner(
  machine: Pick<MachineRecord, 'rawName' | 'host'>,
  snapshot: Pick<Snapshot, 'clusters'>,
): ResourceRecord | undefined {
  const owner = ownerOf(machine, snapshot)
  return owner?.managed && !owner.clusterRests ? owner : undefined
}

/** The resource that a machine of this name is which no hypervisor lists: while it is off its cluster alone knows it. Undefined: none, or several. */
export function ownerOfUnlisted(
  rawName: MachineRecord['rawName'],
  { clusters }: Pick<Snapshot, 'clusters'>,
): ResourceRecord | undefined {
  const [own, ...more] = byMachine(clusters).get(rawName) ?? []
  return more.length ? undefined : own?.resource
}

/** Whether it is not known if a cluster runs the machines of this host: it is to be asked, and nobody tells, or not what they are called. */
export function isOwnerUnknown(
  { host }: Pick<MachineRecord, 'host'>,
  { clusters }: Pick<Snapshot, 'clusters'>,
): boolean {
  const own = clustersOf(clusters).filter(({ nodes }) => nodes.some(({ name }) => name === label(host)))
  if (!own.length) return clusters.some((one) => one.host === host && one.manager === 'pacemaker')
  return own.some(({ resources }) =>
    resources.some(({ agent, machine }) => !machine && isMachineAgent(agent)),
  )
}

/** The machines that these resources are. */
export function machinesOf(
  resources: readonly ResourceRecord[],
  { machines, clusters }: Pick<Snapshot, 'machines' | 'clusters'>,
): readonly MachineRecord[] {
  const ids = new Set(resources.map(({ id }) => id))
  return machines.filter((one) => ids.has(ownerOf(one, { clusters })?.id ?? ''))
}
