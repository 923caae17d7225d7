import { plain, type Style } from './style.ts'

/**
 * One line of a screen. `text` holds a grapheme for each cell and '' for the second half of a wide one; a blank is ' '.
 * Rows are never changed once they are in a grid.
 */
export interface Row {
  readonly text: readonly string[]
  readonly styles: readonly Style[]
}

/** A whole screen: `rows.length` lines, all of the same width. */
export type Grid = readonly Row[]

export function blankRow(columns: number): Row {
  return { text: new Array(columns).fill(' '), styles: new Array(columns).fill(plain) }
}

export function blankGrid(columns: number, rows: number): Grid {
  return new Array(rows).fill(blankRow(columns))
}

export function sameCell(a: Row, b: Row, column: number): boolean {
  return a.text[column] === b.text[column] && a.styles[column] === b.styles[column]
}

export function sameRow(a: Row, b: Row): boolean {
  if (a === b) return true
  if (a.text.length !== b.text.length) return false
  for (let column = 0; column < a.text.length; column++) if (!sameCell(a, b, column)) return false
  return true
}

/** The first and the last column in which they differ; undefined: in none. */
export function changesIn(a: Row, b: Row): { readonly first: number; readonly last: number } | undefined {
  if (a === b) return undefined
  let first = 0
  while (first < b.text.length && sameCell(a, b, first)) first++
  if (first === b.text.length) return undefined
  let last = b.text.length - 1
  while (sameCell(a, b, last)) last--
  return { first, last }
}

export const isBlank = (row: Row, column: number): boolean =>
  row.text[column] === ' ' && row.styles[column] === plain

/** The column after the last cell that is not blank. */
export function endOf(row: Row): number {
  let end = row.text.length
  while (end > 0 && isBlank(row, end - 1)) end--
  return end
}

/** The row as it is when everything from a column on has been erased. */
export function erasedFrom(row: Row, column: number): Row {
  const text = row.text.slice()
  const styles = row.styles.slice()
  // Half of a wide character is none.
  const from = text[column] === '' ? column - 1 : column
  text.fill(' ', from)
  styles.fill(plain, from)
  return { text, styles }
}
