import { Box } from 'ink'
import type { ReactNode } from 'react'
import { ErrorsEnd } from '../components/ErrorsEnd.tsx'
import { Line } from '../components/Line.tsx'
import { type Theme, ThemeContext } from '../components/theme.ts'
import { useDrawn } from '../hooks/use-drawn.ts'
import type { DeskAtWork } from './at-work.ts'
import { pictureOf } from './picture.ts'

interface Props {
  readonly work: DeskAtWork
  readonly theme: Theme
  readonly onError: (error: unknown) => void
}

/** The whole screen of the desk. */
export function Screen({ onError, ...of }: Props): ReactNode {
  return (
    <ErrorsEnd onError={onError}>
      <Window {...of} />
    </ErrorsEnd>
  )
}

function Window({ work, theme }: Omit<Props, 'onError'>): ReactNode {
  useDrawn(work)
  const { columns, rows } = work.size
  const lines = pictureOf(work.desk, work.voice, work.size)
  return (
    <ThemeContext.Provider value={theme}>
      <Box flexDirection="column" width={columns} height={rows}>
        {lines.map(({ parts }, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
          <Line key={row} parts={parts} width={columns} />
        ))}
      </Box>
    </ThemeContext.Provider>
  )
}
