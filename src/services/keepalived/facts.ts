import type { Label, Raw } from '../../hosts/label.ts'
import type { NodeReading } from '../node-watch.ts'

/** What keepalived says of an instance: vrrp.h of keepalived. */
export type VrrpState = 'init' | 'backup' | 'master' | 'fault'

/** An instance as `keepalived.conf` has it: keepalived.conf(5). */
export interface ConfiguredInstance {
  readonly name: Raw
  /** 1 to 255: those with the same one on a network are one virtual router */
  readonly routerId?: number
  /** 1 to 255; who has the highest is the master */
  readonly priority?: number
  readonly interface?: Raw
  /** without the length of their networks */
  readonly addresses: readonly Raw[]
}

export interface Instance extends ConfiguredInstance {
  /** none: keepalived does not run, or this account may not ask it, and then the addresses tell */
  readonly state?: VrrpState
  /** with what scripts and interfaces take from it */
  readonly effectivePriority?: number
  /** when its state became what it is, in milliseconds since the epoch by the clock of its host */
  readonly since?: number
  /** it has the addresses now */
  readonly isHere: boolean
}

export interface KeepalivedFacts {
  /** `uname -n` */
  readonly self: Label
  readonly isRunning: boolean
  readonly instances: readonly Instance[]
  /** keepalived tells its states to root alone: without, they are known by the addresses */
  readonly isTold: boolean
}

export interface KeepalivedTold {
  readonly keepalived: KeepalivedFacts
}

export type KeepalivedReading = NodeReading<KeepalivedTold>
