import { type Row, sameCell } from './grid.ts'
import { isCertain } from './width.ts'

/** A part of a row is worth at least so many bytes. */
const leastPart = 10

/** The row with as many of its changes, from the left, as go in about so many bytes; the wanted row where all of them do. */
export function partOf(shown: Row, wanted: Row, bytes: number): Row {
  const most = Math.max(bytes, leastPart)
  let cost = 0
  let since = most
  for (let column = 0; column < wanted.text.length; column++) {
    if (sameCell(shown, wanted, column)) {
      since++
      continue
    }
    if (cost >= most && isBorder(shown, column) && isBorder(wanted, column)) {
      return mixed(shown, wanted, (one) => one < column)
    }
    cost += Math.min(since + 1, 6)
    since = 0
  }
  return wanted
}

/** The row with those changes alone that are news since it was so; undefined where there are none, or no part of it can be painted alone. */
export function newsOf(shown: Row, wanted: Row, since: Row): Row | undefined {
  if (wanted === since || since.text.length !== wanted.text.length) return undefined
  let some = false
  for (let column = 0; column < wanted.text.length; column++) {
    if (sameCell(since, wanted, column) || sameCell(shown, wanted, column)) continue
    const isAlone = (row: Row) => isBorder(row, column) && isBorder(row, column + 1)
    if (!isAlone(shown) || !isAlone(wanted)) return undefined
    some = true
  }
  return some ? mixed(shown, wanted, (column) => !sameCell(since, wanted, column)) : undefined
}

/** Whether what stands left and right of here can be painted one without the other. */
function isBorder({ text }: Row, column: number): boolean {
  const [left, right] = [text[column - 1] ?? ' ', text[column] ?? ' ']
  return left !== '' && right !== '' && isCertain(left) && isCertain(right)
}

function mixed(shown: Row, wanted: Row, isWanted: (column: number) => boolean): Row {
  const from = (column: number) => (isWanted(column) ? wanted : shown)
  return {
    text: wanted.text.map((_, column) => from(column).text[column] ?? ' '),
    styles: wanted.styles.map((_, column) => from(column).styles[column] ?? 0),
  }
}
