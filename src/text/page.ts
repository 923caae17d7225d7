import { joined, type Label, label, say } from '../hosts/label.ts'
import { pad, width as widthOf, wrap } from './fit.ts'
import type { Part } from './part.ts'
import { dash, textOf } from './part.ts'

/** What a page says of one thing: a title, and what there is to say, if there is anything. */
export type Field = readonly [title: string, text: Label | undefined]

/** A line for each field, or several where the text is long; `titles` is the width of the first column. */
export function fieldLines(fields: readonly Field[], width: number, titles = 11): Part[][] {
  return fields.flatMap(([title, text]) =>
    (text ? wrap(text, width - titles - 1) : []).map((line, i): Part[] => [
      [label((i ? '' : title).padEnd(titles)), 'heading'],
      say` ${line}`,
    ]),
  )
}

/** A column of a table on a page: as wide as this, else as its widest cell. */
export interface PageColumn {
  readonly title: Label
  readonly width?: number
  readonly align?: 'right'
}

/** A table below an empty line; nothing where it has no rows. What the last column has no room for goes on below it, where the width is given. */
export function tableLines(
  columns: readonly PageColumn[],
  rows: readonly (readonly Label[])[],
  width = Number.POSITIVE_INFINITY,
): Part[][] {
  if (!rows.length) return []
  const heading = columns.map(({ title }) => title)
  const widths = columns.map(
    ({ width }, i) => width ?? Math.max(...[heading, ...rows].map((row) => widthOf(row[i] ?? dash))),
  )
  const line = (row: readonly Label[]) =>
    joined(
      row.map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]?.align)),
      ' ',
    )
  const begin = widths.slice(0, -1).reduce((sum, one) => sum + one + 1, 0)
  const last = Math.max(10, width - begin)
  widths[widths.length - 1] = Math.min(widths.at(-1) ?? 0, last)
  const lines = rows.flatMap((row): Part[][] => {
    if (begin + widthOf(row.at(-1) ?? dash) <= width) return [[line(row)]]
    const [first = dash, ...more] = wrap(row.at(-1) ?? dash, last)
    return [
      [say`${line([...row.slice(0, -1), first])}`],
      ...more.map((text): Part[] => [say`${label(' '.repeat(begin))}${text}`]),
    ]
  })
  return [[], [[line(heading), 'heading']], ...lines]
}

/** A line of a page as plain text. */
export function lineText(parts: readonly Part[]): Label {
  return joined(parts.map(textOf), '')
}
