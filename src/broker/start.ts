import type { Change } from '../actions/action.ts'
import type { CarryOutOptions } from '../actions/outcome.ts'
import { prepare } from '../actions/prepare.ts'
import { run } from '../actions/run.ts'
import { actionsOf } from '../actions/table.ts'
import { isOwnerUnknown } from '../fleet/cluster/owner.ts'
import type { ResourceRecord } from '../fleet/cluster/record.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { type Label, label, say } from '../hosts/label.ts'
import type { Standing } from './choose.ts'

const start = actionsOf.machine.find(({ verb }) => verb === 'start') as Change<MachineRecord>
const enable = actionsOf.resource.find(({ verb }) => verb === 'enable') as Change<ResourceRecord>

/** Milliseconds until a machine that somebody else has started is seen to run. */
const patience = 10_000
/** Milliseconds that a machine may seem to be off which is only on its way to another host. */
const moment = 3_000

const up: readonly MachineRecord['state'][] = ['running', 'idle']

/** Of a machine, whether it is in one of these states; for `until`. */
const isIn =
  ({ uuid }: MachineRecord, states: readonly MachineRecord['state'][]) =>
  ({ machines }: Snapshot) =>
    machines.some((one) => one.uuid === uuid && states.includes(one.state)) || undefined

/** Starts a machine of the catalogue that is off, as who knows it can: see below. */
export async function startStanding(
  { record, resource }: Pick<Standing, 'record' | 'resource'>,
  fleet: Fleet,
  options: Pick<CarryOutOptions, 'who' | 'signal'>,
): Promise<Label | undefined> {
  if (record) return await startMachine(record, fleet, options)
  return resource ? await startByCluster(resource, fleet, options) : say`nobody has it`
}

/**
 * Starts a machine by the table of actions, as an operator would: planned, written down, done, and read back. Returns why it does not run;
 * undefined: it does, whoever has started it.
 */
export async function startMachine(
  record: MachineRecord,
  fleet: Fleet,
  options: Pick<CarryOutOptions, 'who' | 'signal'>,
): Promise<Label | undefined> {
  const isUnknown = isOwnerUnknown(record, fleet.snapshot())
  const why = isUnknown
    ? say`whether a cluster runs it is not known: ${label(record.host)} does not tell`
    : await attempt(start, record, fleet, options)
  return why === undefined || (await runsSoon(isIn(record, up), fleet, options)) ? undefined : why
}

/** The same of one that no hypervisor lists, since its cluster has stopped it: that starts it, on a host of its choice. */
export async function startByCluster(
  resource: ResourceRecord,
  fleet: Fleet,
  options: Pick<CarryOutOptions, 'who' | 'signal'>,
): Promise<Label | undefined> {
  const why = await attempt(enable, resource, fleet, options)
  const isUp = ({ machines }: Snapshot) =>
    machines.some((one) => one.rawName === resource.machine?.name && up.includes(one.state)) || undefined
  if (await runsSoon(isUp, fleet, options)) return undefined
  return why ?? say`no hypervisor has it yet`
}

async function runsSoon(
  isUp: (snapshot: Snapshot) => true | undefined,
  fleet: Pick<Fleet, 'until'>,
  { signal = new AbortController().signal }: Pick<CarryOutOptions, 'signal'>,
): Promise<boolean> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  return await fleet.until(isUp, soon).catch(() => false)
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

async function attempt<T>(
  action: Change<T>,
  record: T,
  fleet: Fleet,
  options: Pick<CarryOutOptions, 'who' | 'signal'>,
): Promise<Label | undefined> {
  const prepared = prepare(action, record, {}, fleet)
  if ('refused' in prepared) return prepared.refused
  // What an operator would have to insist on is nothing to do without one.
  if (prepared.insists) return prepared.insists
  const { kind, text } = await run(prepared, fleet, options)
  return kind === 'done' ? undefined : text
}
