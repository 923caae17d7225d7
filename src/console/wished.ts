import type { Config } from '../config/schema.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { type ColumnChoice, choiceFrom } from '../views/columns-of.ts'
import { isTableKind, tableViewOf } from '../views/kinds.ts'
import type { World } from '../views/world.ts'
import { kindIn, type TableId, tableIds } from './table-kinds.ts'

/** The lists that have columns, by the name of their screen. */
const listed = tableIds.filter((table) => isTableKind(kindIn(table) ?? 'event'))

/** The columns that the configuration wishes, and what of it is none. */
export function wishedColumns(
  views: Config['views'],
  world: World,
): { readonly choices: ReadonlyMap<TableId, ColumnChoice>; readonly wrong: readonly Label[] } {
  const choices = new Map<TableId, ColumnChoice>()
  const wrong: Label[] = []
  for (const [name, { columns }] of Object.entries(views)) {
    const table = listed.find((one) => one === name)
    const kind = table && kindIn(table)
    if (!kind || !isTableKind(kind)) {
      const near = didYouMean(name, listed)
      wrong.push(say`views.${label(name)}: no list has this name${near ? say`. ${near}` : say``}`)
      continue
    }
    const choice = choiceFrom(columns.join(','), tableViewOf(kind).columns(world))
    if ('wrong' in choice) wrong.push(say`views.${label(name)}.columns: ${choice.wrong}`)
    else choices.set(table, choice)
  }
  return { choices, wrong }
}
