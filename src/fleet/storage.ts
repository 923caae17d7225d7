import type { HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import type { FileSystemReading } from '../services/filesystem/facts.ts'
import type { Alert } from './alerts.ts'
import { conditionOf, type Snapshot, type Trouble, troubleText } from './model.ts'
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

/** File systems that cannot be read although their host answers: of a silent one that is no news. */
export function storageAlerts(snapshot: Snapshot, now: number): Alert[] {
  return snapshot.storage.flatMap(({ host, at, left, trouble }): Alert[] => {
    const record = snapshot.hosts.find(({ name }) => name === host)
    if (!record || conditionOf(snapshot, record, now) !== 'up') return []
    const about = { severity: 'warning', host, name: label(host) } as const
    const text = say`file systems: ${trouble ? troubleText(trouble, at !== undefined, now) : say`${left ?? 0} more are not watched`}`
    if (trouble) return [{ ...about, what: 'storage', text, advice: trouble.advice }]
    return left ? [{ ...about, what: 'storage in part', text, advice: say`` }] : []
  })
}
