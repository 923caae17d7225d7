import { HostError } from '../../../hosts/host.ts'
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

const kinds = {
  unreachable: 'unreachable',
  timeout: 'unreachable',
  hostkey: 'hostkey',
  auth: 'auth',
  cancelled: 'cancelled',
} as const

/** What went wrong on the way to a machine, or there. */
export function asFailure(error: unknown): ChannelFailure {
  if (error instanceof ChannelFailure) return error
  if (error instanceof HostError)
    return new ChannelFailure(
      kinds[error.kind as keyof typeof kinds] ?? 'other',
      `${error.host}: ${error.reason}`,
      error.advice,
    )
  return new ChannelFailure('other', error instanceof Error ? error.message : String(error))
}
