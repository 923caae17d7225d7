import { label } from '../../hosts/label.ts'
import type { LogObject } from '../../services/log-line.ts'
import { clustersOf } from '../cluster/cluster.ts'
import { type Concern, hostConcern } from '../ref.ts'
import type { Snapshot } from '../snapshot.ts'

/** What is known of the fleet by which objects of logs are found. */
export type Known = Pick<Snapshot, 'clusters' | 'hosts' | 'machines'>

/**
 * What a line of a log tells of, as the fleet knows it. What it does not know is told of as the host's.
 *
 * @returns undefined: that is not known yet, and will be when what the host is asked has been answered for the first time
 */
export function concernOf(
  object: LogObject | undefined,
  host: string,
  { clusters, hosts, machines }: Known,
): Concern | undefined {
  const own = hostConcern(host)
  if (object?.kind === 'node' || object?.kind === 'resource' || object?.kind === 'self') {
    const teller = clusters.find((one) => one.host === host)
    if (teller && !teller.reading && !teller.trouble) return undefined
    const cluster = clustersOf(clusters).find(({ tellers }) => tellers.some((one) => one.host === host))
    const id = cluster?.id ?? host
    if (object.kind !== 'resource') {
      const name = object.kind === 'self' ? (teller?.reading?.self ?? label(host)) : label(object.name)
      return { about: { kind: 'node', id: `${id} ${name}` }, host, name }
    }
    // What a node calls it is that node's own word, where it is not the cluster's.
    const called = teller?.reading?.cluster.resources.find((one) => one.id === object.name)?.rawId
    const known = cluster?.resources.find(({ rawName }) => rawName === (called ?? object.name))
    return {
      about: { kind: 'resource', id: `${id} ${known?.rawName ?? object.name}` },
      host,
      name: known?.name ?? label(object.name),
    }
  }
  if (object?.kind === 'machine') {
    const teller = hosts.find(({ name }) => name === host)
    if (teller && teller.machines === undefined && !teller.trouble) return undefined
    const called = machines.filter(({ rawName }) => rawName === object.name)
    // It may run on another host by now, if there is but one of this name.
    const machine = called.find((one) => one.host === host) ?? (called.length === 1 ? called[0] : undefined)
    const name = label(object.name)
    return machine ? { about: { kind: 'machine', id: machine.uuid }, host, name } : { ...own, name }
  }
  return own
}
