import { label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import type { Part } from '../text/part.ts'
import { filterKeys, type KeyGroup, keysOn, markLegend } from './key-table.ts'
import type { ScreenId } from './pages.ts'

/** All keys, those of the screen from which one came first, or what a filter leaves of them. */
export function helpLines(from: ScreenId, filter: string, width: number): readonly (readonly Part[])[] {
  const groups = filterKeys(keysOn(from), filter)
  return groups.length ? keyLines(groups, width) : [[say`no key matches the filter; Esc takes it away`]]
}

function keyLines(groups: readonly KeyGroup[], width: number): Part[][] {
  return groups.flatMap(({ title, keys }, i): Part[][] => [
    ...(i ? [[]] : []),
    [[label(title), 'heading'], ...(i ? [] : [say`  (${label(markLegend)})`])],
    ...keys.flatMap(({ key, title, help, mark }) => {
      const [first = say``, ...more] = wrap(label(help), width - 40)
      return [
        [[label(key.padEnd(14)), 'key'] as Part, say` ${label(title.padEnd(18))} ${label(mark)} ${first}`],
        ...more.map((text): Part[] => [say`${label(''.padEnd(35))} ${text}`]),
      ]
    }),
  ])
}
