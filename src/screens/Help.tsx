import type { ReactNode } from 'react'
import type { Part } from '../components/Line.tsx'
import { TextPage } from '../components/TextPage.tsx'
import { wrap } from '../components/text.ts'
import { keyTable } from '../hooks/key-table.ts'
import { label, say } from '../hosts/label.ts'
import type { ScreenProps } from './screen.ts'

/** All keys, made from the table of actions and the console's own commands. */
export function Help({ console, width, height }: ScreenProps): ReactNode {
  const lines = keyTable().flatMap(({ title, keys }, i): Part[][] => [
    ...(i ? [[]] : []),
    [[label(title), 'heading']],
    ...keys.flatMap(({ key, title, help, mark }) => {
      const [first = say``, ...more] = wrap(label(help), width - 40)
      return [
        [[label(key.padEnd(14)), 'key'] as Part, say` ${label(title.padEnd(18))} ${label(mark)} ${first}`],
        ...more.map((text): Part[] => [say`${label(''.padEnd(35))} ${text}`]),
      ]
    }),
  ])
  return <TextPage console={console} lines={lines} width={width} height={height} />
}
