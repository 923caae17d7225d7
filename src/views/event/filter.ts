import type { Severity } from '../../fleet/event.ts'
import { eventSourceOf } from '../../fleet/event-types.ts'
import { atLeast, severities, typesNamed, type Wanted } from '../../fleet/journal/wanted.ts'
import { label } from '../../hosts/label.ts'
import { momentFrom } from '../../text/moment.ts'

/** What a filter of the list of events asks for: `host:lb1 since:1h crashed`. */
interface EventFilter {
  /** undefined: nothing of the journal in particular */
  readonly wanted?: Wanted
  /** the rest, as in any list */
  readonly text: string
}

type Read = (value: string, now: number) => Wanted | undefined

/** What may stand before a colon. A value that means nothing, or nothing yet, leaves all. */
const keys: Readonly<Record<string, Read>> = {
  host: (value) => ({ hosts: value.split(',') }),
  object: (value) => ({ objects: value.split(',').flatMap((one) => [one, label(one)]) }),
  severity: (value) => {
    const least = severities.find((one): one is Severity => one === value)
    return least && { severities: atLeast(least) }
  },
  source: (value) => {
    const sources = value.split(',').flatMap((one) => eventSourceOf(one) ?? [])
    return sources.length ? { sources } : undefined
  },
  type: (value) => {
    const types = value.split(',').flatMap(typesNamed)
    return types.length ? { types } : undefined
  },
  since: (value, now) => timed('since', momentFrom(value, now)),
  until: (value, now) => timed('until', momentFrom(value, now)),
}

function timed(key: 'since' | 'until', time: number | undefined): Wanted | undefined {
  return time === undefined ? undefined : { [key]: time }
}

/** @param now milliseconds since the epoch, by the clock on the wall */
export function eventFilter(filter: string, now: number): EventFilter {
  const rest: string[] = []
  const found: Wanted[] = []
  for (const word of filter.split(' ')) {
    const [, key = '', value = ''] = /^([a-z]+):(.*)$/.exec(word) ?? []
    if (!Object.hasOwn(keys, key)) rest.push(word)
    else if (value) found.push(keys[key]?.(value, now) ?? {})
  }
  const text = rest.join(' ')
  return found.length ? { wanted: Object.assign({}, ...found), text } : { text }
}
