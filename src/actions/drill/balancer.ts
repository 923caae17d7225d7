import type { Manager } from '../../fleet/cluster/record.ts'
import { label, say } from '../../hosts/label.ts'
import { nodeOn, withOthers } from './holding.ts'
import type { DrillKind } from './kind.ts'
import { cutNode } from './link.ts'
import { ended } from './process.ts'

/** What gives the addresses of balancers to one of them, and can be ended on that one. */
const daemons: { readonly [M in Manager]?: Parameters<typeof ended>[0] } = {
  heartbeat: { name: 'heartbeat', units: ['heartbeat'] },
  keepalived: { name: 'keepalived', units: ['keepalived'] },
}

/** The one of a pair of balancers that has the address: the other takes it. */
export const balancerDrill: DrillKind<'host'> = {
  name: 'balancer',
  subject: 'host',
  help: 'Ends what gives a balancer its address, or cuts it off, so that another takes the address.',
  hows: { stop: 'ends its heartbeat or keepalived', cut: 'cuts its link' },
  plan: ({ name }, how, about) => {
    const node = nodeOn(name, about.snapshot)
    if (!node)
      return say`no heartbeat or keepalived is known on ${label(name)}: nobody would take its address`
    if (how === 'cut') return cutNode(node, 'balancer', about)
    const daemon = daemons[node.manager]
    if (!daemon) return say`Pacemaker runs ${node.name}: vdd drill node ${node.name}`
    const found = withOthers(node, about)
    return typeof found === 'string' ? found : { ...found, kind: 'balancer', breaking: ended(daemon) }
  },
}
