import { isIP } from 'node:net'
import type { NodeRecord } from '../../fleet/cluster/record.ts'
import { runningOn } from '../../fleet/cluster/together.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { clusterOf } from '../cluster/teller.ts'
import { cut } from './cut.ts'
import { underLoad } from './frontend.ts'
import { nodeOn, withOthers } from './holding.ts'
import type { About, Drill, DrillKind } from './kind.ts'

/** The link by which a host serves: that of a front end to its balancers, or that of a balancer to the others. */
export const linkDrill: DrillKind<'host'> = {
  name: 'link',
  subject: 'host',
  help: 'Cuts a front end or a balancer off the network on which it serves, for a time.',
  hows: { cut: 'nothing comes in or goes out' },
  plan: ({ name, roles }, _how, about) => {
    const { snapshot } = about
    const node = nodeOn(name, snapshot)
    const frontend = snapshot.frontends.find(({ host, services }) => host === name && services.length)
    if (!frontend) {
      if (node) return cutNode(node, 'link', about)
      if (roles.includes('frontend')) return say`no balancer that answers has ${label(name)}`
      return say`${label(name)} is neither a front end nor a node of heartbeat or keepalived: nobody would take its place`
    }
    const danger = node && dangerOf(node, snapshot)
    if (danger) return danger
    const found = underLoad(frontend, about)
    if (typeof found === 'string') return found
    return { ...found.drill, kind: 'link', breaking: cut(found.address) }
  },
}

/** A node of a cluster that is cut off; or why it is not. */
export function cutNode(node: NodeRecord, kind: string, about: About): Drill | Label {
  const danger = dangerOf(node, about.snapshot)
  if (danger) return danger
  const found = withOthers(node, about)
  if (typeof found === 'string') return found
  const address = about.fleet.member(found.host)?.config.address ?? ''
  if (!isIP(address))
    return say`${label(found.host)} has no IP address in the configuration by which its link is known`
  return { ...found, kind, breaking: cut(address) }
}

/** What two nodes may run at once, and nothing is damaged. */
const harmless = /^VRRP|(^|:)(IPaddr2?|IPv6addr|ldirectord|MailTo|SendArp)$/

/** Why a node is not cut off from its others: what it has runs on both then, or it is switched off. */
function dangerOf(node: NodeRecord, snapshot: Snapshot): Label | undefined {
  const { partitions = [] } = clusterOf(node, snapshot) ?? {}
  if (partitions.some(({ told }) => told.reading.cluster.fencingEnabled))
    return say`its cluster would fence ${node.name}, which nothing puts back: not cut off`
  const twice = runningOn(node, snapshot).find(({ agent }) => !harmless.test(agent))
  return (
    twice && say`without fencing ${twice.name} would run twice, on ${node.name} and on another: not cut off`
  )
}
