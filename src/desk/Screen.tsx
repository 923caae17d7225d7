import { Box } from 'ink'
import { Component, type ReactNode, useInsertionEffect, useSyncExternalStore } from 'react'
import { Line } from '../components/Line.tsx'
import { type Theme, ThemeContext } from '../components/theme.ts'
import type { DeskAtWork } from './at-work.ts'
import { pictureOf } from './picture.ts'

interface Props {
  readonly work: DeskAtWork
  readonly theme: Theme
  readonly onError: (error: unknown) => void
}

/** The whole screen of the desk. An error in it ends the desk with one report, and not with Ink's on top of the screen. */
export class Screen extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error)
  }

  override render(): ReactNode {
    return this.state.failed ? null : <Window {...this.props} />
  }
}

function Window({ work, theme }: Omit<Props, 'onError'>): ReactNode {
  const version = useSyncExternalStore(
    (listener) => work.subscribe(listener),
    () => work.version,
  )
  useInsertionEffect(() => {
    work.drawn = version
  })
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
