import type { Label } from '../../hosts/label.ts'
import type { Manager, Partition, TellerRecord } from './record.ts'

/** What a cluster is made of. */
export interface About {
  readonly id: string
  readonly manager: Manager
  readonly names: readonly Label[]
  readonly partitions: readonly Partition[]
  /** the answers that count */
  readonly sources: readonly Source[]
  readonly words: readonly Word[]
  readonly tellers: readonly TellerRecord[]
}

/** An answer, and the nodes of which it says what runs there. */
export interface Word {
  readonly told: Source
  readonly of: readonly Label[]
}

/** Somebody who has told. */
export type Source = Partition['told']

export function hasTold(teller: TellerRecord): teller is Source {
  return teller.reading !== undefined
}

/** Those of which nobody else can tell: what they told last may still be so. */
export function lostOf(tellers: readonly TellerRecord[]): readonly Source[] {
  return tellers.filter(hasTold).filter(({ reading, trouble }) => reading.hearsNobody && trouble)
}

/** undefined, and `<3.15.1`: it has not told what features it has. */
export function hasToldFeatures(featureSet: Label | undefined): boolean {
  return featureSet !== undefined && !featureSet.startsWith('<')
}
