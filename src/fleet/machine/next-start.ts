import type { MachineRecord } from './record.ts'

/** KiB: a balloon is not exact to the page. */
const tolerance = 1024

/** What a running machine has otherwise from its next start on; undefined where that is as it is now, or not known. */
export function otherAtNextStart({ nextStart, vcpus, memoryKiB }: MachineRecord): {
  readonly vcpus?: number
  readonly memoryKiB?: number
} {
  const otherCount = nextStart?.vcpus !== undefined && vcpus !== undefined && nextStart.vcpus !== vcpus
  const otherMemory =
    nextStart?.memoryKiB !== undefined &&
    memoryKiB !== undefined &&
    Math.abs(nextStart.memoryKiB - memoryKiB) > tolerance
  return {
    ...(otherCount ? { vcpus: nextStart.vcpus as number } : {}),
    ...(otherMemory ? { memoryKiB: nextStart.memoryKiB as number } : {}),
  }
}
