import type { Label } from '../hosts/label.ts'
import type { Refusal } from './protocol.ts'

/** Why something is not had: what the person is told, and what the journal. */
export class Refused extends Error {
  readonly no: Refusal
  readonly why: Label
  /** it is in the journal already */
  readonly reference: string | undefined
  constructor(no: Refusal, why: Label, reference?: string) {
    super(why)
    this.no = no
    this.why = why
    this.reference = reference
  }
}
