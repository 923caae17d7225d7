import { clock, dateTime } from '../components/format.ts'
import type { Part } from '../components/Line.tsx'
import { pad } from '../components/text.ts'
import type { Entry } from '../fleet/journal.ts'
import { say } from '../hosts/label.ts'

/** One line of the journal: when, where, what. A fault has a `!`, so that colour is not needed to see it. */
export function eventParts(entry: Entry, withDate = false): Part[] {
  const when = withDate ? dateTime(entry.at) : clock(entry.at)
  const mark = entry.severity === 'bad' ? say`!` : entry.kind === 'did' ? say`*` : say` `
  const what = entry.name ? say`${entry.name}: ${entry.text}` : entry.text
  const text = say` ${mark} ${pad(entry.host, 8)} ${what}`
  return [
    when,
    entry.severity === 'bad' ? [text, 'trouble'] : text,
    ...(entry.who ? [say`  (${entry.who})`] : []),
  ] as Part[]
}
