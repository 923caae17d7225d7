import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** Something that is built in, in words: `SAMSUNG SSD 870, 500 GB`. */
export type Part = Label

/** What a machine is made of. What it does not tell is left out. */
export interface HardwareFacts {
  /** maker and model: `Dell Inc. OptiPlex 790` */
  readonly model?: Label
  /** `Debian GNU/Linux 12 (bookworm), Linux 6.1.0-28-amd64` */
  readonly system?: Label
  /** `Intel Core i5-2400, 4 cores` */
  readonly processor?: Label
  readonly memoryKiB?: number
  readonly disks: readonly Part[]
  readonly graphics: readonly Part[]
  /** the screens that are plugged in, each with its size in pixels: `DELL U2412M 1920x1200` */
  readonly screens: readonly Part[]
}

export interface HardwareSink {
  reading(host: string, facts: HardwareFacts): void
  trouble(host: string, error: HostError): void
}
