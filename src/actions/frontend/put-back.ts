import type { Snapshot } from '../../fleet/snapshot.ts'
import { type Label, say } from '../../hosts/label.ts'
import type { BalancerEntry } from './plan.ts'

/** Who will write another weight than the one in the tables some time: `a failed check, a reload or a restart of ldirectord`; none: nobody. */
export function whoPutsBack(entries: readonly BalancerEntry[], { clusters }: Snapshot): Label[] {
  const byLdirectord = entries.some(({ configured }) => configured)
  // Its own configuration of servers is not read, so each entry of a table where it runs may be one of them.
  const byKeepalived = clusters.some(
    ({ manager, host, reading }) =>
      manager === 'keepalived' &&
      !reading?.isStopped &&
      entries.some(({ balancer, inTable, configured }) => balancer.host === host && inTable && !configured),
  )
  return [
    ...(byLdirectord ? [say`a failed check, a reload or a restart of ldirectord`] : []),
    ...(byKeepalived
      ? [say`a failed check or a restart of keepalived, where it has them in its configuration,`]
      : []),
  ]
}
