import type { Change } from '../actions/action.ts'
import { prepare } from '../actions/prepare.ts'
import { type CarryOutOptions, run } from '../actions/run.ts'
import { actionsOf } from '../actions/table.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import type { Label } from '../hosts/label.ts'

const start = actionsOf.machine.find(({ verb }) => verb === 'start') as Change<MachineRecord>

/** Milliseconds until a machine that somebody else has started is seen to run. */
const patience = 10_000
/** Milliseconds that a machine may seem to be off which is only on its way to another host. */
const moment = 3_000

/** Of a machine, whether it is in one of these states; for `until`. */
const isIn =
  ({ uuid }: MachineRecord, states: readonly MachineRecord['state'][]) =>
  ({ machines }: Snapshot) =>
    machines.some((one) => one.uuid === uuid && states.includes(one.state)) || undefined

/**
 * Starts a machine by the table of actions, as an operator would: planned, written down, done, and read back. Returns why it does not run;
 * undefined: it does, whoever has started it.
 */
export async function startMachine(
  record: MachineRecord,
  fleet: Fleet,
  options: Pick<CarryOutOptions, 'who' | 'signal'>,
): Promise<Label | undefined> {
  const why = await attempt(record, fleet, options)
  if (why === undefined) return undefined
  const { signal = new AbortController().signal } = options
  const soon = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  return (await fleet.until(isIn(record, ['running', 'idle']), soon).catch(() => false)) ? undefined : why
}

/** Resolves when a machine that was started is off again, and stays so. Rejects with the signal. */
export async function untilOff(
  record: MachineRecord,
  fleet: Pick<Fleet, 'until'>,
  signal: AbortSignal,
  within = moment,
): Promise<void> {
  for (;;) {
    await fleet.until(isIn(record, ['shut off', 'crashed']), signal)
    const soon = AbortSignal.any([signal, AbortSignal.timeout(within)])
    const isBack = fleet.until(isIn(record, ['running', 'idle', 'migrating', 'paused']), soon)
    if (!(await isBack.catch(() => false))) return signal.throwIfAborted()
  }
}

async function attempt(
  record: MachineRecord,
  fleet: Fleet,
  options: Pick<CarryOutOptions, 'who' | 'signal'>,
): Promise<Label | undefined> {
  const prepared = prepare(start, record, {}, fleet)
  if ('refused' in prepared) return prepared.refused
  // What an operator would have to insist on is nothing to do without one.
  if (prepared.insists) return prepared.insists
  const { kind, text } = await run(prepared, fleet, options)
  return kind === 'done' ? undefined : text
}
