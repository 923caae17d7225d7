import type { FailureKind } from '../opening.ts'

/** Why there is no channel, in words for the journal and the operator. */
export class ChannelFailure extends Error {
  override readonly name = 'ChannelFailure'
  readonly kind: FailureKind
  readonly advice: string
  constructor(kind: FailureKind, reason: string, advice = '') {
    super(reason)
    this.kind = kind
    this.advice = advice
  }
}
