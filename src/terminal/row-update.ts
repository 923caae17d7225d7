import { changesIn, endOf, erasedFrom, isBlank, type Row, sameCell } from './grid.ts'
import { type Edit, type Pen, RowPainter, type Terminal, type Update } from './row-painter.ts'
import { shifted, shiftFor } from './shift.ts'
import { isCertain } from './width.ts'

/** With fewer bytes no shift is looked for. */
const worthAShift = 18

/**
 * The fewest bytes that make of the row that the terminal shows the one that is wanted. What can be erased to the end of the
 * line is; between changed cells the gap is jumped or written over, whichever is shorter. `saveAt`: the column of a changed character at
 * which the pen is saved, in the style of that.
 */
export function updateRow(
  terminal: Terminal,
  row: number,
  shown: Row,
  wanted: Row,
  pen: Pen,
  saveAt?: number,
): Update {
  let best = paint(terminal, row, shown, wanted, pen, saveAt)
  const edits: Edit[] = erasures(shown, wanted).map((at) => ({ at }))
  const shift = terminal.profile.insertsCharacters && best.length > worthAShift && shiftFor(shown, wanted)
  if (shift) edits.push(shift)
  for (const edit of edits) {
    const update = paint(terminal, row, shown, wanted, pen, saveAt, edit)
    if (update.length < best.length) best = update
  }
  return best
}

/** Columns from which it may be worth to erase the rest of the line: before the trailing blanks, and before long blanks within. */
function erasures(shown: Row, wanted: Row): number[] {
  const end = endOf(wanted)
  const found: number[] = []
  let changed = 0
  let blanks = 0
  for (let column = wanted.text.length - 1; column >= 0; column--) {
    if (isBlank(wanted, column)) {
      if (!isBlank(shown, column)) {
        changed++
        blanks++
      }
    } else changed = 0
    const starts = column === 0 || !isBlank(wanted, column - 1)
    if (changed > (column >= end ? 3 : 8) && starts) found.push(column)
  }
  // Many blanks within are few kinds of rows; the longest count. Many short gaps are best erased all at once, before the first change.
  const all = found.slice(0, 4)
  const first = changesIn(shown, wanted)?.first ?? 0
  if (blanks > 5 && !all.includes(first)) all.push(first)
  return all
}

/** Paints the cells that differ after this edit, which is made on the way. */
function paint(
  terminal: Terminal,
  row: number,
  shown: Row,
  wanted: Row,
  pen: Pen,
  saveAt?: number,
  edit?: Edit,
): Update {
  const old = edit ? edited(shown, edit) : shown
  const needed = changedCells(terminal, old, wanted)
  let last = wanted.text.length - 1
  while (last >= 0 && !needed[last]) last--
  const end = Math.max(last + 1, edit ? edit.at + 1 : 0)
  const painter = new RowPainter(terminal, row, wanted, pen, saveAt)
  let next = 0
  for (let column = 0; column < end; column++) {
    if (column === edit?.at) painter.edit(edit)
    if (wanted.text[column] === '') continue
    while (next < column || (next < end && !needed[next] && next !== edit?.at)) next++
    if (needed[column]) painter.write(column)
    else painter.pass(column, next - column)
  }
  return painter.result()
}

function edited(row: Row, { at, by }: Edit): Row {
  return by === undefined ? erasedFrom(row, at) : shifted(row, { at, by })
}

/** The cells that have to be written; of a wide character both halves or none. */
function changedCells({ columns }: Terminal, old: Row, wanted: Row): boolean[] {
  const needed = wanted.text.map((_, column) => !sameCell(old, wanted, column))
  for (let column = 0; column < columns; column++) {
    // Of a wide character that is overwritten no half stays, whatever the terminal makes of the other.
    if (needed[column] && old.text[column + 1] === '') needed[column + 1] = true
    // Where a terminal takes it for wider, the next one is gone.
    if (needed[column] && !isCertain(wanted.text[column] || ' ')) needed[column + 1] = true
    if (needed[column] && old.text[column] === '' && column > 0) needed[column - 1] = true
    if (needed[column] && wanted.text[column] === '' && column > 0) needed[column - 1] = true
  }
  return needed
}
