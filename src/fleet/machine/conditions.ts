import { type Label, label, say } from '../../hosts/label.ts'
import { behindLibvirt } from '../../services/libvirt/xen/states.ts'
import type { Condition } from '../alerts/conditions.ts'
import type { Concern } from '../ref.ts'
import type { MachineRecord } from './record.ts'

/** What is wrong with a machine: at most one thing, the worst. Of its state the event is how it changed, so that has no end of its own. */
export function machineConditions(machine: MachineRecord): Condition[] {
  const { host, runsTwice, mayRunOn, reason } = machine
  if (runsTwice)
    return [
      {
        severity: 'bad',
        what: 'runs twice',
        text: say`runs on ${label(runsTwice.join(' and '))} at once: its disks are in danger`,
        over: say`no longer runs twice`,
        types: ['machine.twice', 'machine.once'],
        advice: say`force off the wrong one`,
      },
    ]
  if (mayRunOn) {
    const where = label(mayRunOn.join(' and '))
    return [
      {
        severity: 'warning',
        what: 'may run twice',
        text: say`runs on ${label(host)}, and ran on ${where} when that last answered`,
        over: say`known again where it runs`,
        types: ['machine.unsure', 'machine.sure'],
        advice: say`make sure that it is off on ${where} before ${where} ${mayRunOn.length === 1 ? say`comes` : say`come`} back`,
      },
    ]
  }
  if (severityOf(machine) !== 'bad') return []
  const advice = say`do not start it anywhere: xl list on ${label(host)}`
  return [
    {
      severity: 'bad',
      what: 'state',
      hits: true,
      text: say`${stateText(machine)} on ${label(host)}`,
      types: ['machine.crashed', ...ends],
      ...(reason === behindLibvirt ? { advice } : {}),
    },
  ]
}

/** After any of these it is in another state. */
const ends = [
  'machine.started',
  'machine.stopped',
  'machine.resumed',
  'machine.paused',
  'machine.changed',
  'machine.gone',
] as const

/** The machine, as alerts and events tell of it. */
export function machineConcern({ uuid, host, name }: MachineRecord): Concern {
  return { about: { kind: 'machine', id: uuid }, host, name }
}

/** Whether something is wrong with it that a person has to look at now. */
export function isBad(machine: MachineRecord): boolean {
  return machineConditions(machine).some(({ severity }) => severity === 'bad')
}

/** `paused (I/O error)`; reasons that say nothing are left out. */
export function stateText({ state, reason }: Pick<MachineRecord, 'state' | 'reason'>): Label {
  return reason === '' || reason === 'unknown' || reason === state
    ? label(state)
    : say`${label(state)} (${reason})`
}

/** A person has to look when a machine died or was stopped by a fault; the rest is the day's work. */
export function severityOf({ state, reason }: Pick<MachineRecord, 'state' | 'reason'>): 'bad' | 'info' {
  if (reason === behindLibvirt) return 'bad'
  if (state === 'crashed' || reason === 'failed' || reason === 'panicked') return 'bad'
  if (state === 'paused' && /error|watchdog|crashed|failed/i.test(reason)) return 'bad'
  return 'info'
}
