import type { StandingAlert } from '../../fleet/alerts/book.ts'
import { orNull, timeJson } from '../../text/json.ts'

/** An alert as `--json` gives it, and as the site's command is told; the fields are documented in docs/verbs.md and only ever added to. */
export function alertJson(alert: StandingAlert) {
  const { severity, about, host, name, text, hit, advice, since, orEarlier, acknowledged } = alert
  return {
    severity,
    host,
    about,
    uuid: about.kind === 'machine' ? about.id : null,
    name,
    text,
    hit: orNull(hit),
    advice: advice || null,
    since: timeJson(since),
    orEarlier: orEarlier ?? false,
    acknowledged: acknowledged
      ? {
          at: new Date(acknowledged.at).toISOString(),
          who: acknowledged.who,
          note: acknowledged.note || null,
        }
      : null,
  }
}
