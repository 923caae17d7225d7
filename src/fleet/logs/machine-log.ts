import { type Label, label, say } from '../../hosts/label.ts'
import { type MachineLine, parseLog } from '../../services/libvirt/log.ts'
import type { MachineState } from '../../services/libvirt/states.ts'
import type { LogEvent, LogTimes } from '../../services/log-line.ts'
import { severityOf, stateText } from '../machine/conditions.ts'

/** Milliseconds after which a machine that was started has been: one that could not be is ended within a second. */
const tried = 2_000

/** A machine of which a line of its log tells. */
interface Told extends LogEvent {
  readonly line: string
}

/**
 * What the log of a machine tells, in the words in which it is seen.
 *
 * @param latest when it was read, by the clock of its host, in milliseconds since the epoch
 * @returns later: whether it has been started is not known yet
 */
export function readMachineLog(
  lines: readonly string[],
  { host, name, times, latest }: { host: string; name: string; times: LogTimes; latest: number },
): readonly Told[] | 'later' {
  const told = parseLog(lines).flatMap((one): Told[] => {
    const time = times.of(one.stamp)
    const object = { kind: 'machine', name } as const
    return time ? [{ ...time, ...meaningOf(one, host), object, line: one.line }] : []
  })
  const last = told.at(-1)
  const age = latest - (last?.at ?? 0)
  return last?.type === 'machine.started' && age >= 0 && age < tried ? 'later' : told
}

function meaningOf(
  { type, reason, signal }: MachineLine,
  host: string,
): Pick<LogEvent, 'type' | 'severity' | 'text'> {
  if (type === 'left')
    return { type: 'machine.moved', severity: 'info', text: say`moved from ${label(host)}` }
  // As libvirt has it in `domstats`: an end by `failed` is one of a machine that never ran.
  if (type === 'failed')
    return { type: 'machine.changed', severity: 'warning', text: say`could not be started` }
  if (type === 'started')
    return { type: 'machine.started', severity: 'info', text: inState('running', reason) }
  const state = reason === 'crashed' ? 'crashed' : 'shut off'
  const text = inState(state, reason)
  if (signal !== undefined)
    return {
      type: 'machine.stopped',
      severity: 'warning',
      text: say`${text}, QEMU was ended by ${label(signal)}`,
    }
  const isBad = severityOf({ state, reason: label(reason) }) === 'bad'
  return isBad
    ? { type: 'machine.crashed', severity: 'bad', text }
    : { type: 'machine.stopped', severity: 'info', text }
}

function inState(state: MachineState, reason: string): Label {
  return stateText({ state, reason: label(reason) })
}
