import { lastSeenAt } from '../fleet/aged.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { recordOf } from '../fleet/kinds.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { timeJson } from '../text/json.ts'

/** Why nothing is known of what balancers serve, or that they serve nothing. */
export function nothingBalanced({ balancers }: Pick<Snapshot, 'balancers'>, unconfigured: Label): Label {
  if (!balancers.length) return unconfigured
  if (balancers.some(({ lvs, lvsTrouble }) => !lvs && !lvsTrouble)) return say`asking the balancers`
  const silent = balancers.filter(({ lvsTrouble }) => lvsTrouble).map(({ host }) => host)
  return silent.length
    ? say`not known: ${label(silent.join(', '))} does not answer`
    : say`no virtual services on the balancers`
}

/** The host of this name, where it is a balancer. */
export function balancerOf(name: string | undefined, snapshot: Snapshot): HostRecord | undefined {
  const host = name === undefined ? undefined : recordOf('host', name, snapshot)
  return host?.roles.includes('balancer') ? host : undefined
}

/** When that was read from which a service is told, and whether it is not known to be so now. */
export function readJson({ balancer }: { readonly balancer: string }, snapshot: Snapshot) {
  const at = snapshot.balancers.find(({ host }) => host === balancer)?.lvs?.at
  return {
    seenAt: timeJson(at),
    stale: lastSeenAt([{ balancer }], snapshot) !== undefined,
  }
}
