import type { Entry } from '../../fleet/journal/journal.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { pad, width as widthOf, wrap } from '../../text/fit.ts'
import { clock, dateTime } from '../../text/format.ts'
import type { Part } from '../../text/part.ts'

/** One line of the journal: when, where, what. A fault has a `!`, so that colour is not needed to see it. */
export function eventParts(entry: Entry, withDate = false): Part[] {
  const { when, head, text } = piecesOf(entry, withDate)
  return [when, coloured(entry, say`${head}${text}`)]
}

/** The same in full, in lines of at most this width. */
export function eventLines(entry: Entry, width: number, withDate = false): Part[][] {
  const { when, head, text } = piecesOf(entry, withDate)
  const begin = widthOf(when) + widthOf(head)
  return wrap(text, Math.max(1, width - begin)).map((line, i): Part[] =>
    i ? [label(' '.repeat(begin)), coloured(entry, line)] : [when, coloured(entry, say`${head}${line}`)],
  )
}

function piecesOf(entry: Entry, withDate: boolean): Readonly<Record<'when' | 'head' | 'text', Label>> {
  const mark = entry.severity === 'bad' ? say`!` : entry.kind === 'did' ? say`*` : say` `
  const what = entry.name ? say`${entry.name}: ${entry.text}` : entry.text
  return {
    when: withDate ? dateTime(entry.at) : clock(entry.at),
    head: say` ${mark} ${pad(entry.host as Label, 8)} `,
    text: entry.who ? say`${what}  (${entry.who})` : what,
  }
}

function coloured({ severity }: Entry, text: Label): Part {
  return severity === 'bad' ? [text, 'trouble'] : text
}
