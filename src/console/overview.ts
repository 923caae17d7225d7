import type { StandingAlert } from '../fleet/alerts/book.ts'
import type { HostRecord } from '../fleet/host/record.ts'
import { recordOf } from '../fleet/kinds.ts'
import { hostView } from '../views/host/view.ts'
import { viewOf } from '../views/kinds.ts'
import type { Hits, World } from '../views/world.ts'

/** What can be chosen on the Overview: what is wrong, then the hosts. */
export type OverviewRow =
  | { readonly kind: 'alert'; readonly id: string; readonly alert: StandingAlert }
  | { readonly kind: 'host'; readonly id: string; readonly host: HostRecord }

export function overviewRows(
  hosts: readonly HostRecord[],
  alerts: readonly StandingAlert[],
): readonly OverviewRow[] {
  return [
    ...alerts.map((alert) => ({ kind: 'alert' as const, id: `alert ${alert.id}`, alert })),
    ...hosts.map((host) => ({ kind: 'host' as const, id: `host ${host.name}`, host })),
  ]
}

/** What keys act on while it is selected. */
export function overviewHits(row: OverviewRow, world: World): Hits {
  if (row.kind === 'host') return hostView.hits(row.host, world)
  const { alert } = row
  const { about } = alert
  const host = recordOf('host', alert.host, world.snapshot)
  const view = viewOf(about.kind)
  const one = view.find(about.id, world)
  return {
    ...(host && hostView.hits(host, world)),
    ...(one === undefined ? {} : view.hitsOf(one, world)),
    alert,
  }
}
