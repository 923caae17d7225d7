import { type Label, label, say } from '../hosts/label.ts'
import { isActive } from '../services/libvirt/states.ts'
import { type Condition, happening } from './alerts/conditions.ts'
import type { FleetEvent } from './event.ts'
import type { EventType } from './event-types.ts'
import { machineConcern, machineConditions, severityOf, stateText } from './machine/conditions.ts'
import type { MachineChange } from './machine/machines.ts'
import type { MachineRecord } from './machine/record.ts'

/** The changes in one reading. */
export interface Changes {
  /** what began or ended with the host itself */
  readonly events: readonly FleetEvent[]
  readonly machines: readonly MachineChange[]
  /** the first answer of this host: what is new to this console is no event */
  readonly first: boolean
}

/** The events of a reading's changes. They tell what was read, not what was announced. */
export function eventsOf({ events, machines, first }: Changes): FleetEvent[] {
  const ofMachines = first ? [] : machines.flatMap(({ before, after }) => machineEvents(before, after))
  return [...events, ...ofMachines]
}

function machineEvents(before: MachineRecord | undefined, after: MachineRecord | undefined): FleetEvent[] {
  const record = after ?? before
  if (!record) return []
  const about = happening(machineConcern(record))
  if (!before)
    return [{ ...about, severity: 'info', type: 'machine.defined', text: say`defined, ${stateText(record)}` }]
  if (!after)
    return [{ ...about, severity: 'info', type: 'machine.gone', text: say`gone, was ${stateText(record)}` }]
  const [was, is] = [machineConditions(before), machineConditions(after)]
  const told = [
    ...lacking(was, is).flatMap(({ over, types }) =>
      over ? [{ ...about, severity: 'info' as const, ...typed(types?.[1]), text: over }] : [],
    ),
    ...lacking(is, was).flatMap(({ over, severity, types, text }) =>
      over ? [{ ...about, severity, ...typed(types?.[0]), text }] : [],
    ),
  ]
  // A machine that runs twice was not moved.
  return after.runsTwice || before.runsTwice ? told : [...told, ...transition(before, after)]
}

/** Those that the others lack, compared by `what`. */
function lacking(some: readonly Condition[], others: readonly Condition[]): Condition[] {
  return some.filter(({ what }) => !others.some((other) => other.what === what))
}

function transition(before: MachineRecord, after: MachineRecord): FleetEvent[] {
  const about = happening(machineConcern(after))
  if (before.host !== after.host) {
    const text = say`moved from ${label(before.host)} to ${label(after.host)}, ${stateText(after)}`
    return [{ ...about, severity: 'info', type: 'machine.moved', text }]
  }
  if (before.state === after.state) return []
  const [type, text] = [transitionType(before, after), transitionText(before, after)]
  return [{ ...about, severity: severityOf(after), type, text }]
}

const typed = (type: EventType | undefined) => (type ? { type } : {})

function transitionType(before: MachineRecord, after: MachineRecord): EventType {
  if (after.migration) return 'machine.migrating'
  if (before.migration) return 'machine.stayed'
  if (severityOf(after) === 'bad') return 'machine.crashed'
  const [was, is] = [isOn(before), isOn(after)]
  if (was !== is) return is ? 'machine.started' : 'machine.stopped'
  if (isHeld(after)) return 'machine.paused'
  return isHeld(before) ? 'machine.resumed' : 'machine.changed'
}

function isOn({ state }: MachineRecord): boolean {
  return state === 'migrating' || isActive(state)
}

function isHeld({ state }: MachineRecord): boolean {
  return state === 'paused' || state === 'pmsuspended'
}

function transitionText(before: MachineRecord, after: MachineRecord): Label {
  if (after.migration) return say`migrating to ${label(after.migration.to)}`
  if (before.migration) return say`not moved to ${label(before.migration.to)}, ${stateText(after)} here`
  return say`${stateText(after)}, was ${label(before.state)}`
}
