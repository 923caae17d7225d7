import type { StandingAlert } from '../../fleet/alerts/book.ts'
import { joined, type Label, printable, say } from '../../hosts/label.ts'
import { alertJson } from '../../views/alert/json.ts'

/** Something for which somebody may be called. */
export interface Matter {
  /** the same as long as the same is wrong with the same object */
  readonly id: string
  readonly severity: 'bad' | 'warning'
  /** somebody takes care of it, so nobody is called */
  readonly isAcknowledged: boolean
  readonly text: Label
  /** what the command is told of it */
  readonly json: object
}

export function matterOf(alert: StandingAlert): Matter {
  const { id, severity, acknowledged, name, text } = alert
  const said = say`${name}: ${text}`
  return { id, severity, isAcknowledged: !!acknowledged, text: said, json: alertJson(alert) }
}

/** `opened`: it is wrong now, or has become worse; `closed`: it is over. */
export type CallEvent = 'opened' | 'closed'

/** What the command is told of in one call. */
interface Call {
  readonly event: CallEvent
  readonly isTest?: true
  readonly cluster: Label
  /** milliseconds since the epoch */
  readonly at: number
  /** the worst first */
  readonly about: readonly Pick<Matter, 'text' | 'json'>[]
}

/** So many are told one by one, and so many by a sentence: a message on a telephone has no room for more. */
const most = { listed: 100, said: 3 } as const

/** What a call is about, in one line: `2 alerts: exam-01: crashed on hv1; fe2: LDAP does not answer`. */
export function callText({ event, about }: Pick<Call, 'event' | 'about'>): Label {
  const said = joined(
    about.slice(0, most.said).map(({ text }) => text),
    '; ',
  )
  const more = about.length - most.said
  const all = more > 0 ? say`${said}; and ${more} more` : said
  const over = event === 'closed' ? say`over: ` : say``
  return about.length === 1 ? say`${over}${all}` : say`${over}${about.length} alerts: ${all}`
}

/** What stands on the standard input of the command: one line of JSON. Its fields are documented in docs/watch.md and only ever added to. */
export function callJson(call: Call): string {
  const { event, isTest, cluster, at, about } = call
  const told = {
    event,
    test: isTest ?? false,
    cluster,
    at: new Date(at).toISOString(),
    count: about.length,
    text: callText(call),
    alerts: about.slice(0, most.listed).map(({ json }) => json),
  }
  return `${printable(JSON.stringify(told))}\n`
}
