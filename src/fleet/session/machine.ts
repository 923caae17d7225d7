import { label, say } from '../../hosts/label.ts'
import { oncePer } from '../../hosts/once.ts'
import type { Alert } from '../alerts/alert.ts'
import { alertOf, type Condition } from '../alerts/conditions.ts'
import { machineConcern, severityOf } from '../machine/conditions.ts'
import type { MachineRecord } from '../machine/record.ts'
import { conditionOf, type Snapshot } from '../snapshot.ts'
import { inShort, namesOf } from './people.ts'
import { type SessionRecord, sessionsOf, sessionText } from './record.ts'

const byName = oncePer((machines: Snapshot['machines']) => Map.groupBy(machines, ({ rawName }) => rawName))

/** The machine on which a session is, as its hypervisor tells of it; undefined: no hypervisor has one of this name, or several have. */
export function machineOf(
  { machine }: Pick<SessionRecord, 'machine'>,
  { machines }: Pick<Snapshot, 'machines'>,
): MachineRecord | undefined {
  const index = byName(machines)
  const [first, second] = [...namesOf(machine)].flatMap((name) => index.get(name) ?? [])
  return second ? undefined : first
}

/** Whether it is not there yet. */
function isOpening({ display }: SessionRecord): boolean {
  return display?.channel.state === 'opening'
}

/** What is wrong with the machine of a session: at most one thing. */
export function machineConditions(session: SessionRecord, snapshot: Snapshot, now: number): Condition[] {
  if (isOpening(session)) return []
  const machine = machineOf(session, snapshot)
  const host = machine && snapshot.hosts.find(({ name }) => name === machine.host)
  const who = sessionText(session)
  const found = (what: string, text: Condition['text'], advice: Condition['text']): Condition[] => [
    { severity: 'warning', what, text: say`${text}: ${who}`, advice },
  ]
  if (machine && host && ['down', 'stale'].includes(conditionOf(snapshot, host, now)))
    return found(
      'host silent',
      say`host ${label(host.name)} does not answer`,
      say`if it is down, the session is lost; if only the way to it is cut, the session goes on`,
    )
  if (machine && ['shut off', 'crashed'].includes(machine.state))
    return found(
      'machine off',
      machine.state === 'crashed' ? say`its machine has crashed` : say`its machine is off`,
      lostAdvice,
    )
  if (machine && ['paused', 'pmsuspended'].includes(machine.state))
    return found(
      'machine paused',
      say`its machine is ${machine.state === 'paused' ? say`paused` : say`suspended`}`,
      pausedAdvice,
    )
  return []
}

/** Warns once of each machine that is off or paused while people work on it; what crashed, and a silent host, have alerts of their own that name them. */
export function stoppedAlerts({ machines, displays }: Pick<Snapshot, 'machines' | 'displays'>): Alert[] {
  const at = Map.groupBy(sessionsOf({ displays }), (one) => machineOf(one, { machines }))
  return [...at].flatMap(([machine, all]): Alert[] => {
    const open = all.filter((one) => !isOpening(one))
    const who = inShort(open)
    if (!machine || !who || severityOf(machine) === 'bad') return []
    if (!['shut off', 'paused', 'pmsuspended'].includes(machine.state)) return []
    const isOff = machine.state === 'shut off'
    const condition = {
      severity: 'warning',
      what: isOff ? 'off under people' : 'paused under people',
      text: say`${label(machine.state)} under ${who}`,
      advice: isOff ? lostAdvice : pausedAdvice,
    } as const
    // Who shuts a machine down ends the sessions on it, a moment later.
    return [{ ...alertOf(machineConcern(machine), condition), isMeasured: true }]
  })
}

const lostAdvice = say`the session is lost: close it, and open another`
const pausedAdvice = say`resume it within two minutes: the session goes on; later it is lost`
