import { balancerAlerts } from '../balancer/alerts.ts'
import { directoryAlerts } from '../directory/alerts.ts'
import { hostConditions } from '../host/conditions.ts'
import { machineConditions } from '../machine/conditions.ts'
import type { MachineRecord } from '../machine/record.ts'
import { radiusAlerts } from '../radius/radius-servers.ts'
import type { Snapshot } from '../snapshot.ts'
import { supplyAlerts } from '../supply/runs-out.ts'
import { storageAlerts } from '../supply/storage-alerts.ts'
import type { Alert } from './alert.ts'
import { alertOf } from './conditions.ts'

/** Everything that is wrong in a snapshot, the worst first, hosts and what they serve before machines. */
export function alertsOf(snapshot: Snapshot, now: number): Alert[] {
  const all = [
    ...snapshot.hosts.flatMap((host) =>
      hostConditions(host, snapshot, now).map((condition) => alertOf(host.name, condition)),
    ),
    ...balancerAlerts(snapshot.balancers, snapshot.frontends, now),
    ...directoryAlerts(snapshot.directories, now),
    ...radiusAlerts(snapshot.radius, now),
    ...supplyAlerts(snapshot, now),
    ...storageAlerts(snapshot, now),
    ...snapshot.machines.flatMap(machineAlerts),
  ]
  return [...all.filter((a) => a.severity === 'bad'), ...all.filter((a) => a.severity === 'warning')]
}

function machineAlerts(machine: MachineRecord): Alert[] {
  const { host, uuid, name } = machine
  return machineConditions(machine).map((condition) => ({ ...alertOf(host, condition), uuid, name }))
}
