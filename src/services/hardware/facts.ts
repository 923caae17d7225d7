import type { HostError } from '../../hosts/host.ts'
import type { Label } from '../../hosts/label.ts'

/** Something that is built in, in words: `SAMSUNG SSD 870, 500 GB`. */
export type Part = Label

/** A screen that is plugged in. */
export interface Screen {
  /** its maker and model, or where it is plugged in: `DELL U2412M`, `VGA-1` */
  readonly name?: Label | undefined
  /** pixels */
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** A network interface that is made of something: lo, bridges and tunnels are none. */
export interface Link {
  /** `eth0` */
  readonly name: Label
  /** it is plugged in and hears something */
  readonly isUp: boolean
  readonly isWireless: boolean
  /** as fast as both ends agreed, in millions of bits a second; of one that is down, and of most wireless ones, nobody knows */
  readonly mbps?: number | undefined
}

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
  /** cards, chips and the sound of HDMI outputs */
  readonly sound: readonly Part[]
  readonly screens: readonly Screen[]
  readonly links: readonly Link[]
}

export interface HardwareSink {
  reading(host: string, facts: HardwareFacts): void
  trouble(host: string, error: HostError): void
}
