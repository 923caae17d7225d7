import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Line, type Part } from '../components/Line.tsx'
import { wrap } from '../components/text.ts'
import { keyTable } from '../hooks/key-table.ts'
import { label, say } from '../hosts/label.ts'
import type { ScreenProps } from './screen.ts'

/** All keys, made from the table of actions and the console's own commands. */
export function Help({ console, width, height }: ScreenProps): ReactNode {
  const lines = keyTable().flatMap(({ title, keys }, i): Part[][] => [
    ...(i ? [[]] : []),
    [[say`  ${label(title)}`, 'heading']],
    ...keys.flatMap(({ key, title, help, mark }) => {
      const [first = say``, ...more] = wrap(label(help), width - 37)
      return [
        [
          [say`  ${label(key.padEnd(14))}`, 'key'] as Part,
          say` ${label(title.padEnd(15))} ${label(mark)} ${first}`,
        ],
        ...more.map((text): Part[] => [say`${label(''.padEnd(34))} ${text}`]),
      ]
    }),
  ])
  const top = console.clampTop(lines.length)
  return (
    <Box flexDirection="column" height={height}>
      {lines.slice(top, top + height).map((parts, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no identity but their place
        <Line key={i} parts={parts} width={width} />
      ))}
    </Box>
  )
}
