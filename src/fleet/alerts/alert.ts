import type { Label } from '../../hosts/label.ts'
import type { Concern, Ref } from '../ref.ts'

/** Something that is wrong now. The Overview shows these first, the worst on top. */
export interface Alert extends Concern {
  readonly severity: 'bad' | 'warning'
  /** what is wrong with it, in a word of the program's: the same as long as it is the same that is wrong */
  readonly what: string
  /** a value has come near a limit: it may flicker about that, and no event tells of it */
  readonly isMeasured?: true
  readonly text: Label
  /** what to do next; may be empty */
  readonly advice: Label
  /** milliseconds since the epoch when it began, where that is known; it may have been so before this console was there */
  readonly since?: number
}

/** The same text as long as the same is wrong with the same object. */
export function alertId({
  about: { kind, id },
  what,
}: {
  readonly about: Ref
  readonly what: string
}): string {
  return JSON.stringify([kind, id, what])
}
