import { type Label, label, say } from '../hosts/label.ts'
import { behindLibvirt } from '../services/libvirt/xen/states.ts'
import type { HostRecord, MachineRecord } from './model.ts'
import type { Changes } from './store.ts'

export type Severity = 'bad' | 'warning' | 'info'

/** Something that the console saw happen. */
export interface FleetEvent {
  readonly severity: Severity
  readonly host: string
  /** the machine's UUID, where it is about one */
  readonly uuid?: string
  readonly name?: Label
  /** the server of this host that it tells of, where that is one which is asked again and again */
  readonly server?: 'LDAP' | 'RADIUS'
  readonly text: Label
}

/** Events out of what a reading changed: what was read is told, not what was announced. */
export function eventsOf(changes: Changes): FleetEvent[] {
  const machines = changes.first
    ? []
    : changes.machines.flatMap(({ before, after }) => machineEvents(before, after))
  return [...changes.hosts.flatMap(({ before, after }) => hostEvents(before, after)), ...machines]
}

function hostEvents(before: HostRecord, after: HostRecord): FleetEvent[] {
  const host = after.name
  const events: FleetEvent[] = []
  if (after.trouble && (!before.trouble || before.trouble.hostAnswers !== after.trouble.hostAnswers)) {
    const { reason, hostAnswers } = after.trouble
    events.push({ severity: 'bad', host, text: hostAnswers ? reason : say`not answering: ${reason}` })
  }
  if (before.trouble && !after.trouble) events.push({ severity: 'info', host, text: say`answers again` })
  if (after.partial && !before.partial) events.push({ severity: 'warning', host, text: after.partial })
  return events
}

function machineEvents(before: MachineRecord | undefined, after: MachineRecord | undefined): FleetEvent[] {
  const record = after ?? before
  if (!record) return []
  const about = { host: record.host, uuid: record.uuid, name: record.name }
  if (!before) return [{ ...about, severity: 'info', text: say`defined, ${stateText(record)}` }]
  if (!after) return [{ ...about, severity: 'info', text: say`gone, was ${stateText(record)}` }]
  if (after.runsTwice && !before.runsTwice)
    return [{ ...about, severity: 'bad', text: say`runs on ${label(after.runsTwice.join(' and '))} at once` }]
  if (before.host !== after.host)
    return [
      {
        ...about,
        severity: 'info',
        text: say`moved from ${label(before.host)} to ${label(after.host)}, ${stateText(after)}`,
      },
    ]
  if (before.state === after.state) return []
  return [{ ...about, severity: severityOf(after), text: transitionText(before, after) }]
}

function transitionText(before: MachineRecord, after: MachineRecord): Label {
  if (after.migration) return say`migrating to ${label(after.migration.to)}`
  if (before.migration) return say`not moved to ${label(before.migration.to)}, ${stateText(after)} here`
  return say`${stateText(after)}, was ${label(before.state)}`
}

/** `paused (I/O error)`; reasons that say nothing are left out. */
export function stateText({ state, reason }: Pick<MachineRecord, 'state' | 'reason'>): Label {
  return reason === '' || reason === 'unknown' || reason === state
    ? label(state)
    : say`${label(state)} (${reason})`
}

/** A person has to look when a machine died or was stopped by a fault; the rest is the day's work. */
export function severityOf({ state, reason }: Pick<MachineRecord, 'state' | 'reason'>): Severity {
  if (reason === behindLibvirt) return 'bad'
  if (state === 'crashed' || reason === 'failed' || reason === 'panicked') return 'bad'
  if (state === 'paused' && /error|watchdog|crashed|failed/i.test(reason)) return 'bad'
  return 'info'
}
