import { label } from '../../hosts/label.ts'
import type { LogObject } from '../../services/log-line.ts'
import { clustersOf } from '../cluster/cluster.ts'
import { type Concern, hostConcern } from '../ref.ts'
import type { Snapshot } from '../snapshot.ts'

/**
 * What a line of a log tells of, as the fleet knows it. What it does not know is told of as the host's.
 *
 * @returns undefined: that is not known yet, and will be when what the host is asked has been answered for the first time
 */
export function concernOf(
  object: LogObject | undefined,
  host: string,
  { clusters, machines }: Pick<Snapshot, 'clusters' | 'machines'>,
): Concern | undefined {
  const own = hostConcern(host)
  if (object?.kind === 'node' || object?.kind === 'resource') {
    const teller = clusters.find((one) => one.host === host)
    if (teller && !teller.reading && !teller.trouble) return undefined
    const cluster = clustersOf(clusters).find(({ tellers }) => tellers.some((one) => one.host === host))
    const known =
      object.kind === 'resource' && cluster?.resources.find(({ rawName }) => rawName === object.name)
    const name = known ? known.name : label(object.name)
    const about = { kind: object.kind, id: `${cluster?.id ?? host} ${object.name}` }
    return { about, host, name }
  }
  if (object?.kind === 'machine') {
    const machine = machines.find(({ rawName }) => rawName === object.name)
    return machine ? { about: { kind: 'machine', id: machine.uuid }, host, name: machine.name } : own
  }
  return own
}
