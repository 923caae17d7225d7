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

/** Columns that a text leaves free at the right of a page; a table goes to its edge. */
export const edge = 2

/** A column of a table on a page: as wide as this, else as its widest cell. */
export interface PageColumn {
  readonly title: Label
  readonly width?: number
  readonly align?: 'right'
  /** as of a column of any table */
  readonly givesWay?: number
}

/** The columns that have room: those with the highest number give way first, 0 always stays; `need`: how wide these are together. */
export function roomFor<C extends { readonly givesWay?: number }>(
  columns: readonly C[],
  need: (kept: readonly C[]) => number,
  available: number,
): readonly C[] {
  const worst = Math.max(0, ...columns.map(({ givesWay = 0 }) => givesWay))
  if (worst === 0 || need(columns) <= available) return columns
  const kept = columns.filter(({ givesWay = 0 }) => givesWay !== worst)
  return roomFor(kept, need, available)
}

/** A table below an empty line; nothing where it has no rows. What the last column has no room for goes on below it, where the width is given. */
export function tableLines(
  all: readonly PageColumn[],
  cells: readonly (readonly Label[])[],
  width = Number.POSITIVE_INFINITY,
): Part[][] {
  if (!cells.length) return []
  const titles = all.map(({ title }) => title)
  const sized = all.map((column, at) => ({
    ...column,
    at,
    width: column.width ?? Math.max(...[titles, ...cells].map((row) => widthOf(row[at] ?? dash))),
  }))
  const columns = roomFor(sized, (kept) => kept.reduce((sum, one) => sum + one.width + 1, -1), width)
  const [heading = [], ...rows] = [titles, ...cells].map((row) => columns.map(({ at }) => row[at] ?? dash))
  const widths = columns.map((one) => one.width)
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
