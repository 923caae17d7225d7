import { lastSeenAt } from '../fleet/aged.ts'
import type { BalancerRecord } from '../fleet/balancer/record.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { recordOf } from '../fleet/kinds.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { timeJson } from '../text/json.ts'

/** Those that have a virtual service in their tables or configurations, first the one that counts for it. */
export function balancersOf(
  virtual: string,
  counting: string,
  { balancers }: Pick<Snapshot, 'balancers'>,
): readonly string[] {
  const has = ({ lvs, ldirectord }: BalancerRecord) =>
    lvs?.services.some(({ id }) => id === virtual) ||
    ldirectord?.config?.virtuals.some(({ id }) => id === virtual)
  return [...new Set([counting, ...balancers.filter(has).map(({ host }) => host)])]
}

/** The host of this name, where it is a balancer. */
export function balancerOf(name: string | undefined, snapshot: Snapshot): HostRecord | undefined {
  const host = name === undefined ? undefined : recordOf('host', name, snapshot)
  return host?.roles.includes('balancer') ? host : undefined
}

/** How much a balancer sends to a real server, and what is open to it. */
export function shareJson(real: {
  readonly weight: number
  readonly configuredWeight?: number
  readonly active: number
  readonly inactive: number
}) {
  const { weight, configuredWeight, active, inactive } = real
  return { weight, configuredWeight: configuredWeight ?? null, active, inactive }
}

/** When that was read from which a service is told, and whether it is not known to be so now. */
export function readJson({ balancer }: { readonly balancer: string }, snapshot: Snapshot) {
  const at = snapshot.balancers.find(({ host }) => host === balancer)?.lvs?.at
  return {
    seenAt: timeJson(at),
    stale: lastSeenAt([{ balancer }], snapshot) !== undefined,
  }
}
