import { oncePer } from '../../hosts/once.ts'
import type { LvsReading, RealServer } from '../../services/lvs/facts.ts'
import type { FrontendService } from '../frontend/frontends.ts'
import type { BalancerRecord } from './record.ts'

/** The share of a service's connections that a real server has, and the share by its weight: 0 to 1. */
export interface LoadShare {
  readonly actual: number
  readonly fair: number
}

/**
 * The share of the active connections of a service. SED gives a new connection to the server with the least (active + 1) / weight
 * (ipvsadm(8)), so in the long run shares follow weights; after a drain they differ as long as old connections last.
 * `undefined`: the service has no connections, no server in service, or no holder of its address.
 */
export function loadShareOf(
  { virtual, real, balancer, duty }: FrontendService,
  balancers: readonly BalancerRecord[],
): LoadShare | undefined {
  if (duty === 'no holder' || duty === 'not known') return undefined
  const lvs = balancers.find(({ host }) => host === balancer)?.lvs
  const { active = 0, weight = 0, reals } = (lvs && totalsIn(lvs).get(virtual)) ?? {}
  const own = reals?.get(real)
  return own && active && weight ? { actual: own.active / active, fair: own.weight / weight } : undefined
}

/** Of one service. */
interface Totals {
  readonly active: number
  readonly weight: number
  readonly reals: ReadonlyMap<string, RealServer>
}

/** By service; summed once per reading, since a service may have many real servers. */
const totalsIn = oncePer(
  ({ services }: LvsReading): ReadonlyMap<string, Totals> =>
    new Map(
      services.map(({ id, reals }): [string, Totals] => [
        id,
        {
          active: reals.reduce((sum, { active }) => sum + active, 0),
          weight: reals.reduce((sum, { weight }) => sum + weight, 0),
          reals: new Map(reals.map((one) => [one.id, one])),
        },
      ]),
    ),
)
