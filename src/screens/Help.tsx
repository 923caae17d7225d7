import type { ReactNode } from 'react'
import { TextPage } from '../components/TextPage.tsx'
import { filterKeys, type KeyGroup, keysOn, markLegend } from '../console/key-table.ts'
import { label, say } from '../hosts/label.ts'
import { wrap } from '../text/fit.ts'
import type { Part } from '../text/part.ts'
import type { ScreenProps } from './screen.ts'

/** All keys, made from the table of actions and the console's own commands; those of the screen from which one came first. */
export function Help({ console, width, height }: ScreenProps): ReactNode {
  const { below, shown } = console.pages
  const groups = filterKeys(keysOn(below?.screen ?? 'overview'), shown.filter ?? '')
  const lines = groups.length
    ? keyLines(groups, width)
    : [[say`no key matches the filter; Esc takes it away`]]
  return <TextPage console={console} lines={lines} width={width} height={height} />
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
