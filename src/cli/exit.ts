/** Exit statuses of the verbs; documented in docs/verbs.md. */
export const exit = {
  ok: 0,
  /** the change was refused by the host, or failed */
  failed: 1,
  /** wrong use: unknown verb, option or value */
  usage: 2,
  /** no such machine or host, or more than one of that name */
  notFound: 3,
  /** a host could not be reached or did not answer; what is printed is incomplete */
  unreachable: 4,
  /** asked, but not seen within --timeout */
  notSeen: 5,
  /** the configuration is wrong or missing */
  config: 6,
  /** not now: read-only, or the state does not allow it */
  refused: 7,
} as const

/** Ends a verb with a message for people and a status for scripts. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: number
  readonly details: Readonly<Record<string, unknown>>
  constructor(code: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}
