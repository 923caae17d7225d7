import type { Label } from '../hosts/label.ts'

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

/** Ends a verb with lines for people and a status for scripts. The lines are printable: what came from outside is a label in them. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: number
  readonly lines: readonly Label[]
  readonly details: Readonly<Record<string, unknown>>
  constructor(
    code: number,
    lines: Label | readonly Label[],
    details: Readonly<Record<string, unknown>> = {},
  ) {
    const all = typeof lines === 'string' ? [lines] : lines
    super(all.join('\n'))
    this.code = code
    this.lines = all
    this.details = details
  }
}
