import type { HostError } from '../../hosts/host.ts'
import type { FileSystemReading } from '../../services/filesystem/facts.ts'
import type { Trouble } from '../trouble.ts'
import type { Amount } from './supplies.ts'

/** Whether the file systems of a host can be read. How full they are is among its supplies. */
export interface StorageRecord {
  readonly host: string
  /** milliseconds since the epoch of the last answer; none: never answered */
  readonly at?: number
  /** how many more file systems it has than are watched */
  readonly left?: number
  /** no answer since */
  readonly trouble?: Trouble
}

export function readStorage({ host, at, left = 0 }: FileSystemReading): StorageRecord {
  return { host, at, ...(left ? { left } : {}) }
}

export function failedStorage(
  before: StorageRecord | undefined,
  { host, kind, reason, advice }: HostError,
  at: number,
): StorageRecord {
  return { ...before, host, trouble: { kind, reason, advice, since: before?.trouble?.since ?? at } }
}

export function fileSystemAmounts({ fileSystems }: FileSystemReading): Amount[] {
  return fileSystems.map(({ mountedOn, usedKiB, availableKiB }) => ({
    kind: 'file system',
    which: mountedOn,
    used: usedKiB,
    most: usedKiB + availableKiB,
  }))
}
