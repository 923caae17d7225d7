import type { Label } from '../hosts/label.ts'
import { balancerAlerts } from './balancer-alerts.ts'
import { alertOf } from './conditions.ts'
import { directoryAlerts } from './directory-alerts.ts'
import { hostConditions } from './host-conditions.ts'
import { machineConditions } from './machine-conditions.ts'
import type { MachineRecord, Snapshot } from './model.ts'
import { radiusAlerts } from './radius-servers.ts'
import { supplyAlerts } from './runs-out.ts'
import { storageAlerts } from './storage.ts'

/** Something that is wrong now. The Overview shows these first, the worst on top. */
export interface Alert {
  readonly severity: 'bad' | 'warning'
  /** what is wrong with it, in a word of the program's: the same as long as it is the same that is wrong */
  readonly what: string
  /** a value has come near a limit: it may flicker about that, and no event tells of it */
  readonly isMeasured?: true
  readonly host: string
  readonly uuid?: string
  /** the host or the machine */
  readonly name: Label
  readonly text: Label
  /** what to do next; may be empty */
  readonly advice: Label
  /** milliseconds since the epoch when it began, where that is known; it may have been so before this console was there */
  readonly since?: number
}

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
