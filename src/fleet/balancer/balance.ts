import type { FrontendService } from '../frontend/frontends.ts'
import type { BalancerRecord } from './record.ts'

/** What a real server carries of its service, and what it would by its weight: from 0 to 1. */
export interface Share {
  readonly actual: number
  readonly fair: number
}

/**
 * The share of the active connections of a service. SED gives a new connection to the server with the least (active + 1) / weight
 * (ipvsadm(8)), so in the long run shares are as weights are; after a drain they are not for as long as old connections last.
 * `undefined`: the service has no connections, or nobody in service, or nobody has its address.
 */
export function shareOf(
  { virtual, real, balancer, duty }: FrontendService,
  balancers: readonly BalancerRecord[],
): Share | undefined {
  if (duty === 'no holder' || duty === 'not known') return undefined
  const reals = balancers
    .find(({ host }) => host === balancer)
    ?.lvs?.services.find(({ id }) => id === virtual)?.reals
  const own = reals?.find(({ id }) => id === real)
  if (!reals || !own) return undefined
  const active = reals.reduce((sum, one) => sum + one.active, 0)
  const weights = reals.reduce((sum, { weight }) => sum + weight, 0)
  return active && weights ? { actual: own.active / active, fair: own.weight / weights } : undefined
}
