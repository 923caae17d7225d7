import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** A file system of a host. */
export interface FileSystem {
  /** where it is mounted: an identifier as long as nobody mounts it elsewhere */
  readonly mountedOn: Label
  /** KiB, as df(1) counts: what is reserved for root is in neither */
  readonly usedKiB: number
  readonly availableKiB: number
}

/** One look at the file systems of a host. */
export interface FileSystemReading {
  readonly host: string
  /** milliseconds since the epoch */
  readonly at: number
  readonly fileSystems: readonly FileSystem[]
  /** how many more there are, which are not read */
  readonly left?: number
}

export interface FileSystemSink {
  reading(reading: FileSystemReading): void
  trouble(host: string, error: HostError, at: number): void
}
