import { stateText } from '../../fleet/machine/conditions.ts'
import { otherAtNextStart } from '../../fleet/machine/next-start.ts'
import type { MachineRecord } from '../../fleet/machine/record.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { memory } from '../../text/format.ts'
import type { Standing } from '../action.ts'

interface Kept {
  readonly state: Label
  readonly host: string
  readonly vcpus: number | null
  readonly memoryKiB: number | null
  /** what it gets with its next start, where that is something else */
  readonly nextStart: { readonly vcpus?: number; readonly memoryKiB?: number }
  readonly autostart: boolean
  readonly persistent: boolean
}

export const machineStanding: Standing<MachineRecord, Kept> = {
  facts: (machine) => ({
    state: stateText(machine),
    host: machine.host,
    vcpus: machine.vcpus ?? null,
    memoryKiB: machine.memoryKiB ?? null,
    nextStart: otherAtNextStart(machine),
    autostart: machine.autostart,
    persistent: machine.persistent,
  }),
  words,
}

/** `running on hv1`, and of the rest what differs: `running on hv1, 2 vCPUs, 2.0G from its next start on`. */
function words(facts: Kept, other: Kept): Label {
  const { state, host, vcpus, memoryKiB, nextStart, autostart, persistent } = facts
  const differs = (key: keyof Kept) => JSON.stringify(facts[key]) !== JSON.stringify(other[key])
  const sizes = (count: number | null | undefined, kib: number | null | undefined) => [
    ...(count == null ? [] : [say`${count} vCPU${count === 1 ? say`` : say`s`}`]),
    ...(kib == null ? [] : [memory(kib)]),
  ]
  const later = sizes(nextStart.vcpus, nextStart.memoryKiB).map((size) => say`${size} from its next start on`)
  return joined(
    [
      say`${state} on ${label(host)}`,
      ...sizes(differs('vcpus') ? vcpus : null, differs('memoryKiB') ? memoryKiB : null),
      ...(differs('nextStart') ? later : []),
      ...(differs('autostart')
        ? [autostart ? say`starts with its host` : say`does not start with its host`]
        : []),
      ...(differs('persistent') ? [persistent ? say`defined` : say`not defined`] : []),
    ],
    ', ',
  )
}
