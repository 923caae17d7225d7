import { type Label, label } from '../../hosts/label.ts'

/** The words of `virsh domstate`, and `crashed` also for a machine whose process died (see `stateOf`). */
export type MachineState =
  | 'running'
  | 'idle'
  | 'paused'
  | 'in shutdown'
  | 'shut off'
  | 'crashed'
  | 'pmsuspended'
  | 'no state'

const states: readonly MachineState[] = [
  'no state',
  'running',
  'idle',
  'paused',
  'in shutdown',
  'shut off',
  'crashed',
  'pmsuspended',
]

/** Reasons by state number: virDomainRunningReason and its siblings, https://libvirt.org/html/libvirt-libvirt-domain.html */
const reasons: readonly (readonly string[])[] = [
  ['unknown'],
  [
    'unknown',
    'booted',
    'migrated',
    'restored',
    'from snapshot',
    'unpaused',
    'migration canceled',
    'save canceled',
    'event wakeup',
    'crashed',
    'post-copy',
    'post-copy failed',
  ],
  ['unknown'],
  [
    'unknown',
    'user',
    'migrating',
    'saving',
    'dumping',
    'I/O error',
    'watchdog',
    'from snapshot',
    'shutting down',
    'creating snapshot',
    'crashed',
    'starting up',
    'post-copy',
    'post-copy failed',
    'API error',
  ],
  ['unknown', 'user'],
  ['unknown', 'shutdown', 'destroyed', 'crashed', 'migrated', 'saved', 'failed', 'from snapshot', 'daemon'],
  ['unknown', 'panicked'],
  ['unknown'],
]

/**
 * State and reason as libvirt numbers them in `domstats` (`state.state`, `state.reason`).
 * A machine that is shut off because its process died is called *crashed*: that is what the operator has to know.
 */
export function stateOf(state: number, reason: number): { state: MachineState; reason: Label } {
  const word = states[state] ?? 'no state'
  const why = label(reasons[state]?.[reason] ?? `reason ${reason}`)
  return { state: word === 'shut off' && why === 'crashed' ? 'crashed' : word, reason: why }
}

/** The state named by a word of `virsh list` or `dominfo`; undefined when it is no such word. */
export function stateNamed(word: string): MachineState | undefined {
  return states.find((state) => state === word)
}

/** Whether its process exists, so that its counters mean something: docs/internals/libvirt.md, "Values that mislead". */
export function isActive(state: MachineState): boolean {
  return state !== 'shut off' && state !== 'crashed'
}
