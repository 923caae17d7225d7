import { type Attribute, integer, text, types } from './attributes.ts'

/** Numbers of Acct-Status-Type: RFC 2866, 5.1. */
const statuses = { start: 1, stop: 2, interim: 3 } as const
type AccountingStatus = keyof typeof statuses

/** Numbers of Acct-Terminate-Cause, of those that a desktop can have: RFC 2866, 5.10. */
const causes = { 'user-request': 1, 'lost-carrier': 2, 'service-unavailable': 15 } as const
export type TerminateCause = keyof typeof causes

/** One line of the account of a session, as a RADIUS server is told it. Texts are cut where they have no room. */
export interface AccountingRecord {
  readonly status: AccountingStatus
  /** of the session, and of no other for ever */
  readonly id: string
  readonly user: string
  /** which display server tells it */
  readonly server: string
  readonly terminal: string
  readonly machine: string
  /** milliseconds since the epoch: when it was, and when its session began */
  readonly at: number
  readonly startedAt: number
  /** of a stop */
  readonly cause?: TerminateCause
}

/** A desktop has no port (RFC 2865, 5.41: Virtual). */
const virtual = 5
/** bytes */
const longest = 253

/** The attributes of an Accounting-Request that is sent at a time, milliseconds since the epoch. */
export function accountingAttributes(record: AccountingRecord, now: number): Attribute[] {
  const { status, id, user, server, terminal, machine, at, startedAt, cause } = record
  return [
    integer(types.acctStatusType, statuses[status]),
    word(types.acctSessionId, id),
    word(types.userName, user),
    word(types.nasIdentifier, server),
    integer(types.nasPortType, virtual),
    word(types.callingStationId, terminal),
    word(types.calledStationId, machine),
    integer(types.eventTimestamp, seconds(0, at)),
    integer(types.acctDelayTime, seconds(at, now)),
    ...(status === 'start' ? [] : [integer(types.acctSessionTime, seconds(startedAt, at))]),
    ...(cause ? [integer(types.acctTerminateCause, causes[cause])] : []),
  ]
}

/** Whole seconds between two times; none where a clock was set back, and as many as 32 bits hold. */
function seconds(from: number, to: number): number {
  return Math.min(Math.max(0, Math.floor((to - from) / 1000)), 0xffff_ffff)
}

/** A text of as many whole letters as there is room for. */
function word(type: number, value: string): Attribute {
  let whole = ''
  let size = 0
  for (const letter of value) {
    size += Buffer.byteLength(letter)
    if (size > longest) break
    whole += letter
  }
  return text(type, whole)
}
