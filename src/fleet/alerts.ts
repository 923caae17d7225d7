import { joined, type Label, label, say } from '../hosts/label.ts'
import { behindLibvirt } from '../services/libvirt/xen/states.ts'
import { duration } from '../text/duration.ts'
import { balancerAlerts } from './balancer-alerts.ts'
import { severityOf, stateText } from './changes.ts'
import { directoryAlerts } from './directory-alerts.ts'
import { ageOf, type HostRecord, isStale, type MachineRecord, type Snapshot } from './model.ts'
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
    ...hostAlerts(snapshot, now),
    ...balancerAlerts(snapshot.balancers, snapshot.frontends, now),
    ...directoryAlerts(snapshot.directories, now),
    ...radiusAlerts(snapshot.radius, now),
    ...supplyAlerts(snapshot, now),
    ...storageAlerts(snapshot, now),
    ...machineAlerts(snapshot),
  ]
  return [...all.filter((a) => a.severity === 'bad'), ...all.filter((a) => a.severity === 'warning')]
}

function hostAlerts(snapshot: Snapshot, now: number): Alert[] {
  return snapshot.hosts.flatMap((host): Alert[] => {
    const about = { host: host.name, name: label(host.name) }
    const age = ageOf(snapshot, host.name, now)
    if (host.trouble || (age !== undefined && isStale(snapshot, host.name, now))) {
      const reason = host.trouble?.reason ?? say`no answer`
      const what = host.trouble?.hostAnswers ? say`they were ` : say``
      const seen = age === undefined ? say`${what}never seen` : say`${what}last seen ${duration(age)} ago`
      return [
        {
          ...about,
          severity: 'bad',
          what: host.trouble?.hostAnswers ? 'no libvirt' : 'unreachable',
          text: say`${reason}, ${seen}`,
          advice: host.trouble?.advice ?? say``,
          ...(host.trouble ? { since: host.trouble.since } : {}),
        },
      ]
    }
    const partial = { ...about, severity: 'warning', what: 'partial', advice: say`` } as const
    return [...bondAlerts(host), ...(host.partial ? [{ ...partial, text: host.partial }] : [])]
  })
}

/** One link of several is gone, and nobody sees it until the other goes too. */
function bondAlerts({ name, bonds = [] }: HostRecord): Alert[] {
  return bonds.flatMap(({ name: bond, isUp, active, down }): Alert[] => {
    const about = {
      host: name,
      name: label(name),
      what: `bond ${bond}`,
      advice: say`check the cable and the switch`,
    }
    if (!isUp) return [{ ...about, severity: 'bad', text: say`${bond} is down` }]
    if (!down.length) return []
    const rest = active ? say`: ${active} carries all` : say``
    return [{ ...about, severity: 'warning', text: say`${bond}: no link on ${joined(down, ', ')}${rest}` }]
  })
}

function mayRunTwice({
  host,
  mayRunOn,
}: MachineRecord): Pick<Alert, 'severity' | 'what' | 'text' | 'advice'> | undefined {
  if (!mayRunOn) return undefined
  const where = label(mayRunOn.join(' and '))
  return {
    severity: 'warning',
    what: 'may run twice',
    text: say`runs on ${label(host)}, and ran on ${where} when that last answered`,
    advice: say`see that it is off on ${where} before that comes back`,
  }
}

function machineAlerts(snapshot: Snapshot): Alert[] {
  return snapshot.machines.flatMap((machine): Alert[] => {
    const about = { host: machine.host, uuid: machine.uuid, name: machine.name }
    if (machine.runsTwice)
      return [
        {
          ...about,
          severity: 'bad',
          what: 'runs twice',
          text: say`runs on ${label(machine.runsTwice.join(' and '))} at once: its disks are in danger`,
          advice: say`force off the wrong one`,
        },
      ]
    const doubt = mayRunTwice(machine)
    if (doubt) return [{ ...about, ...doubt }]
    if (severityOf(machine) !== 'bad') return []
    const behind = machine.reason === behindLibvirt
    return [
      {
        ...about,
        severity: 'bad',
        what: 'state',
        text: say`${stateText(machine)} on ${label(machine.host)}`,
        advice: behind ? say`do not start it anywhere: xl list on ${label(machine.host)}` : say``,
      },
    ]
  })
}
