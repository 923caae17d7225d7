import { balancerAlerts } from '../balancer/alerts.ts'
import { clockAlerts } from '../clocks/conditions.ts'
import { clusterAlerts } from '../cluster/conditions.ts'
import { directoryAlerts } from '../directory/alerts.ts'
import { displayAlerts } from '../display/conditions.ts'
import { type Hit, hitAtHosts, hitAtServices, hitOnMachines, hitText } from '../hit.ts'
import { hostConditions } from '../host/conditions.ts'
import { incidentAlerts } from '../incident/alerts.ts'
import { recordOf } from '../kinds.ts'
import { machineConcern, machineConditions } from '../machine/conditions.ts'
import type { MachineRecord } from '../machine/record.ts'
import { radiusAlerts } from '../radius/radius-servers.ts'
import { hostConcern, type Ref, refText } from '../ref.ts'
import type { ByFacts, Snapshot } from '../snapshot.ts'
import { supplyAlerts } from '../supply/runs-out.ts'
import { storageAlerts } from '../supply/storage-alerts.ts'
import type { Alert } from './alert.ts'
import { alertOf } from './conditions.ts'

type Judge = (snapshot: Snapshot, now: number) => readonly Alert[]

/** Alerts about front ends and services come from balancers and servers; those about processes and pools from supplies. */
const elsewhere: Judge = () => []

/** The sources of alerts, in their order: hosts and their servers before machines. */
const judges: ByFacts<Judge> = {
  incidents: ({ incidents }, now) => incidentAlerts(incidents, now),
  hosts: (snapshot, now) =>
    snapshot.hosts.flatMap((host) =>
      hostConditions(host, snapshot, now).map((condition) => alertOf(hostConcern(host.name), condition)),
    ),
  balancers: ({ balancers, frontends }, now) => balancerAlerts(balancers, frontends, now),
  directories: ({ directories }, now) => directoryAlerts(directories, now),
  radius: ({ radius }, now) => radiusAlerts(radius, now),
  clocks: clockAlerts,
  clusters: clusterAlerts,
  displays: displayAlerts,
  supplies: supplyAlerts,
  storage: storageAlerts,
  machines: ({ machines }) => machines.flatMap(machineAlerts),
  frontends: elsewhere,
  services: elsewhere,
  processes: elsewhere,
  pools: elsewhere,
  // What a drill breaks is told as whatever breaks by itself.
  drills: elsewhere,
}

/** Everything that is wrong in a snapshot, the worst first. */
export function alertsOf(snapshot: Snapshot, now: number): Alert[] {
  const all = Object.values(judges)
    .flatMap((judge) => judge(snapshot, now))
    .map((alert) => (alert.hits ? withHit(alert, snapshot) : alert))
  const sorted = [...all.filter((a) => a.severity === 'bad'), ...all.filter((a) => a.severity === 'warning')]
  return sorted.map((alert) =>
    alert.about.kind === 'incident' ? withAdvice(alert, sorted, snapshot) : alert,
  )
}

/** What to do next about an incident is what is to be done about the first of what still fails in it. */
function withAdvice(alert: Alert, all: readonly Alert[], { incidents }: Snapshot): Alert {
  const open = incidents.find(({ id }) => id === alert.about.id)?.open ?? []
  const failing = new Set(open.flatMap(({ about }) => (about ? refText(about) : [])))
  const fault = all.find(({ about, advice }) => advice && failing.has(refText(about)))
  return fault ? { ...alert, advice: fault.advice } : alert
}

function withHit(alert: Alert, snapshot: Snapshot): Alert {
  const hit = hitText(hitAbout(alert.about, snapshot))
  return hit ? { ...alert, hit } : alert
}

/** What goes on at what an alert is about. */
function hitAbout({ kind, id }: Ref, snapshot: Snapshot): Hit {
  const machine = kind === 'machine' ? recordOf(kind, id, snapshot) : undefined
  if (machine) return hitOnMachines([machine], snapshot)
  const frontend = kind === 'frontend' ? recordOf(kind, id, snapshot) : undefined
  const failed = frontend?.services.filter(({ duty }) => duty === 'failed')
  return failed ? hitAtServices(failed) : hitAtHosts(kind === 'host' ? [id] : [], snapshot)
}

function machineAlerts(machine: MachineRecord): Alert[] {
  return machineConditions(machine).map((condition) => alertOf(machineConcern(machine), condition))
}
