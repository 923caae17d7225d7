import type { Entry } from '../../fleet/journal/journal.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { pad, width as widthOf, wrap } from '../../text/fit.ts'
import { dateTime } from '../../text/format.ts'
import type { Part } from '../../text/part.ts'

/** One line of the journal: when, in the way that is given, where, what. A fault has a `!`, so that colour is not needed to see it; `~`: it may have been before another one that is listed, or after. */
export function eventParts(
  entry: Entry,
  { whenOf = dateTime, isUnsure = false }: { whenOf?: (at: number) => Label; isUnsure?: boolean } = {},
): Part[] {
  const { head, text } = piecesOf(entry, isUnsure)
  return [whenOf(entry.at), coloured(entry, say`${head}${text}`)]
}

/** The same in full, in lines of at most this width. */
export function eventLines(entry: Entry, width: number, isUnsure: boolean): Part[][] {
  const { head, text } = piecesOf(entry, isUnsure)
  const when = dateTime(entry.at)
  const begin = widthOf(when) + widthOf(head)
  return wrap(text, Math.max(1, width - begin)).map((line, i): Part[] =>
    i ? [label(' '.repeat(begin)), coloured(entry, line)] : [when, coloured(entry, say`${head}${line}`)],
  )
}

function piecesOf(entry: Entry, isUnsure: boolean): Readonly<Record<'head' | 'text', Label>> {
  const mark = entry.severity === 'bad' ? say`!` : entry.kind === 'did' ? say`*` : say` `
  const what = entry.name ? say`${entry.name}: ${entry.text}` : entry.text
  return {
    head: say`${isUnsure ? say`~` : say` `}${mark} ${pad(entry.host as Label, 8)} `,
    text: entry.who ? say`${what}  (${entry.who})` : what,
  }
}

function coloured({ severity }: Entry, text: Label): Part {
  return severity === 'bad' ? [text, 'trouble'] : text
}
