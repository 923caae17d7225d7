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

const full: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT']

/** Why something could not be made or written down of a channel: there is no room for it, or what else the system says. @param what it was */
export function notWritten(what: string, error: unknown): ChannelFailure {
  const { message, code, cause } = error as NodeJS.ErrnoException
  const isFull = full.includes(code) || full.includes((cause as NodeJS.ErrnoException | undefined)?.code)
  return new ChannelFailure(
    isFull ? 'no-room' : 'other',
    `${what}: ${message}`,
    isFull ? 'df -h /run /tmp' : 'see docs/displays.md',
  )
}
