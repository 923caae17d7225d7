import { Box } from 'ink'
import type { ReactNode } from 'react'
import { windowTop } from '../console/table-state.ts'
import { type Label, say } from '../hosts/label.ts'
import { pad, wrap } from '../text/fit.ts'
import { roomFor } from '../text/page.ts'
import type { Part, Tone } from '../text/part.ts'
import type { Column } from '../views/column.ts'
import { Line } from './Line.tsx'

/** The columns that have room, each with its width. One blank stands between two; two columns are left of the first. */
export function layOut<T>(
  columns: readonly Column<T>[],
  available: number,
): { column: Column<T>; width: number }[] {
  const need = (of: readonly Column<T>[]) => 2 + of.reduce((sum, c) => sum + c.width + 1, -1)
  const kept = roomFor(columns, need, available)
  let spare = Math.max(0, available - need(kept))
  return kept.map((column) => {
    const more = Math.min(spare, Math.max(0, (column.grows ?? column.width) - column.width))
    spare -= more
    return { column, width: column.width + more }
  })
}

interface Props<T> {
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly id: (row: T) => string
  readonly selected: number
  readonly top: number
  readonly marked?: ReadonlySet<string>
  readonly sort?: { readonly column: string; readonly descending: boolean }
  /** what a whole row is: a fault, stale */
  readonly kind?: (row: T) => Tone | undefined
  readonly width: number
  /** lines, heading included */
  readonly height: number
  /** said when there is no row */
  readonly empty: Label
}

/** A table of which only the rows on the screen are laid out. `>` marks the selected row and `*` the marked ones. */
export function Table<T>(props: Props<T>): ReactNode {
  const { rows, id, selected, marked, width, height } = props
  const columns = layOut(props.columns, width)
  const visible = Math.max(1, height - 1)
  const top = windowTop(props.top, selected, visible, rows.length)
  return (
    <Box flexDirection="column" height={height}>
      <Line parts={heading(columns, props.sort)} width={width} kind="heading" />
      {rows.length === 0 && <Empty text={props.empty} width={width} />}
      {rows.slice(top, top + visible).map((row, i) => {
        const isSelected = top + i === selected
        const mark: Part[] = [
          isSelected ? [say`>`, 'pointer'] : say` `,
          marked?.has(id(row)) ? say`*` : say` `,
        ]
        const kind = isSelected ? 'selected' : props.kind?.(row)
        return (
          <Line
            key={id(row)}
            parts={rowParts(mark, columns, row, isSelected)}
            width={width}
            {...(kind ? { kind } : {})}
          />
        )
      })}
    </Box>
  )
}

/** What is said in place of rows, in full. */
export function Empty({ text, width }: { readonly text: Label; readonly width: number }): ReactNode {
  return wrap(text, width - 2).map((line, i) => (
    <Line key={line} parts={[i ? say`  ` : [say`  `, 'pointer'], line]} width={width} />
  ))
}

function heading<T>(
  columns: readonly { column: Column<T>; width: number }[],
  sort: Props<T>['sort'],
): Part[] {
  const arrow = sort?.descending ? 'v' : '^'
  const isSorted = (column: Column<T>) => sort?.column === column.id
  const titles = columns.map(({ column, width }) => {
    const whole = isSorted(column) && column.title.length < width
    return pad(whole ? (`${column.title}${arrow}` as Label) : column.title, width, column.align)
  })
  const line = `  ${titles.join(' ')}`
  const at = columns.findIndex(({ column, width }) => isSorted(column) && column.title.length >= width)
  const begin = 2 + titles.slice(0, at).reduce((sum, title) => sum + title.length + 1, 0)
  const marked = at < 0 ? line : markBeside(line, begin, begin + (titles[at]?.length ?? 0), arrow)
  return [marked as Label]
}

/** A title that fills its column keeps it; the mark stands behind it, or before it where it would run into the next one. */
function markBeside(line: string, begin: number, end: number, mark: string): string {
  const isFree = (at: number) => at < line.length && line[at] === ' '
  const place = isFree(end) && (isFree(end + 1) || !isFree(begin - 2)) ? end : begin - 1
  return `${line.slice(0, place)}${mark}${line.slice(place + 1)}`
}

function rowParts<T>(
  mark: readonly Part[],
  columns: readonly { column: Column<T>; width: number }[],
  row: T,
  isSelected: boolean,
): Part[] {
  const parts: Part[] = [...mark]
  for (const [i, { column, width }] of columns.entries()) {
    const cell = column.cell(row)
    const [text, tone] = typeof cell === 'string' ? [cell] : cell
    const fitted = pad(text, width, column.align)
    if (i) parts.push(' ' as Label)
    parts.push(tone && !isSelected ? [fitted, tone] : fitted)
  }
  return mergePlain(parts)
}

/** Neighbours without a tone become one piece. */
function mergePlain(parts: readonly Part[]): Part[] {
  const merged: Part[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (typeof part === 'string' && typeof last === 'string')
      merged[merged.length - 1] = (last + part) as Label
    else merged.push(part)
  }
  return merged
}
