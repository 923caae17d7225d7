import type { BalancerRecord } from '../../fleet/balancer/record.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { inMaintenance } from '../../services/ldirectord/maintenance.ts'

/** A real server in a service, by the names of the kernel's table. */
interface Real {
  readonly virtual: string
  readonly real: string
}

/** The unwanted side effects of a reload of ldirectord, except on servers that are being removed. */
export function reloadWarnings(
  balancers: readonly BalancerRecord[],
  removed: readonly Real[] = [],
): readonly Label[] {
  return [...new Set(balancers)]
    .filter(({ ldirectord }) => ldirectord?.daemon)
    .flatMap((balancer) => {
      const { config, maintenance = [] } = balancer.ldirectord ?? {}
      return [
        ...weightsByHand(balancer, removed),
        // Measured: 0.4 to 1 s (docs/internals/lvs.md, "Bounce at reload").
        ...(maintenance.length && !config?.readdquiescent
          ? [say`servers in maintenance take new connections for about a second (readdquiescent=no)`]
          : []),
      ]
    })
}

function weightsByHand({ lvs, ldirectord }: BalancerRecord, removed: readonly Real[]): Label[] {
  const { config, maintenance = [], names = new Map() } = ldirectord ?? {}
  const keyOf = (virtual: string, real: string) => `${virtual} ${real}`
  const configured = new Map(
    config?.virtuals.flatMap(({ id, reals }) => reals.map((real) => [keyOf(id, real.id), real.weight])),
  )
  const going = new Set(removed.map(({ virtual, real }) => keyOf(virtual, real)))
  const byHand = lvs?.services.flatMap(({ id, reals }) =>
    reals.filter((real) => {
      const wanted = configured.get(keyOf(id, real.id))
      const goes = going.has(keyOf(id, real.id))
      return (
        wanted !== undefined &&
        wanted !== real.weight &&
        !goes &&
        !inMaintenance(maintenance, real.id, names).length
      )
    }),
  )
  return (byHand ?? []).map(
    ({ id, weight }) => say`${label(id)} has weight ${weight}: the reload restores the configured one`,
  )
}
