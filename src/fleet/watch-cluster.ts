import type { HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { lookAtHeartbeat } from '../services/heartbeat/look.ts'
import { lookAtKeepalived } from '../services/keepalived/look.ts'
import { type NodeLook, type NodeReading, watchNode } from '../services/node-watch.ts'
import { lookAtPacemaker } from '../services/pacemaker/look.ts'
import type { Telling } from './cluster/record.ts'
import { heartbeatTelling, keepalivedTelling } from './cluster/telling.ts'
import type { EventType } from './event-types.ts'
import type { Member } from './member.ts'
import type { Watch, Watching } from './watching.ts'

/** What a node tells when another one may be gone. */
const signs: readonly EventType[] = ['node.lost', 'node.unclean', 'resource.moved']

/** Asks a host about its cluster, as the cluster's manager can be asked. */
export function watchClusterOf(
  { host, config: { roles, sudo = false } }: Member,
  { interval, now, store, happened, doubt }: Watching,
): Watch[] {
  const trouble = (name: string, error: HostError) => happened(store.clusters.failed(name, error, now()))
  const watch = <Slow, Facts>(
    look: NodeLook<Slow, Facts>,
    tellingOf: (reading: NodeReading<Facts>) => Telling,
  ): Watch[] => {
    const reading = (one: NodeReading<Facts>) => {
      const events = store.clusters.reading(tellingOf(one))
      happened(events)
      const sign = events.find(({ type }) => type !== undefined && signs.includes(type))
      if (!sign) return
      const { name, text } = sign
      const teller = label(host.name)
      const what = name ?? label(sign.host)
      doubt(store.clusters.beside(host.name), say`silent, and ${teller} says: ${what} ${text}`)
    }
    return [watchNode({ host, interval, now, look, sink: { reading, trouble } })]
  }
  if (roles.includes('pacemaker')) return watch(lookAtPacemaker, (one) => one)
  if (roles.includes('heartbeat')) return watch(lookAtHeartbeat, heartbeatTelling)
  if (roles.includes('keepalived')) return watch(lookAtKeepalived(sudo), keepalivedTelling)
  return []
}
