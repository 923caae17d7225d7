import type { Change } from '../actions/action.ts'
import { prepare } from '../actions/prepare.ts'
import { type CarryOutOptions, run } from '../actions/run.ts'
import { actionsOf } from '../actions/table.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Label } from '../hosts/label.ts'

const start = actionsOf.machine.find(({ verb }) => verb === 'start') as Change<MachineRecord>

/** Milliseconds until a machine that somebody else has started is seen to run. */
const patience = 10_000

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
  const runs = ({ machines }: { readonly machines: readonly MachineRecord[] }) =>
    machines.some(({ uuid, state }) => uuid === record.uuid && (state === 'running' || state === 'idle')) ||
    undefined
  const { signal = new AbortController().signal } = options
  const soon = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  return (await fleet.until(runs, soon).catch(() => false)) ? undefined : why
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
