import { Box, Text } from 'ink'
import type { ReactNode } from 'react'
import { Dialog, dialogOf } from '../components/Dialog.tsx'
import { ErrorsEnd } from '../components/ErrorsEnd.tsx'
import { Footer } from '../components/Footer.tsx'
import { MessageLine, messageLines } from '../components/MessageLine.tsx'
import { StatusBar } from '../components/StatusBar.tsx'
import { type Theme, ThemeContext } from '../components/theme.ts'
import type { Console } from '../console/console.ts'
import { cannotShow } from '../console/not-now.ts'
import type { ScreenId } from '../console/pages.ts'
import { smallest } from '../console/state.ts'
import { isTable } from '../console/table-kinds.ts'
import { useClock } from '../hooks/use-clock.ts'
import { useDrawn } from '../hooks/use-drawn.ts'
import { Charts } from './Charts.tsx'
import { Events } from './Events.tsx'
import { Overview } from './Overview.tsx'
import { PageScreen } from './PageScreen.tsx'
import type { ScreenProps } from './screen.ts'
import { TableScreen } from './TableScreen.tsx'

/** What is no table of a kind and no page of text. */
const odd: { readonly [S in ScreenId]?: (props: ScreenProps) => ReactNode } = {
  overview: Overview,
  events: Events,
  charts: Charts,
}

function screenOf(screen: ScreenId): (props: ScreenProps) => ReactNode {
  return odd[screen] ?? (isTable(screen) ? TableScreen : PageScreen)
}

interface Props {
  readonly console: Console
  readonly theme: Theme
  readonly onError: (error: unknown) => void
}

/** The whole screen. */
export function App({ onError, ...of }: Props): ReactNode {
  return (
    <ErrorsEnd onError={onError}>
      <Window {...of} />
    </ErrorsEnd>
  )
}

/** Status line, one screen, perhaps a dialog below it, message line, footer. */
function Window({ console, theme }: Omit<Props, 'onError'>): ReactNode {
  useDrawn(console)
  useClock(console.fleet.now)
  const { columns, rows } = console.size
  return (
    <ThemeContext.Provider value={theme}>
      {console.isTooSmall ? (
        <TooSmall columns={columns} rows={rows} />
      ) : (
        <Frame console={console} columns={columns} rows={rows} />
      )}
    </ThemeContext.Provider>
  )
}

function Frame({ console, columns, rows }: { console: Console; columns: number; rows: number }): ReactNode {
  // What was kept of then may be of another shape than what is drawn today: that ends looking back, and not the console.
  const onError = (error: unknown) => {
    cannotShow(console, error)
    console.changed()
  }
  return console.past ? (
    <ErrorsEnd key={console.past.at} onError={onError}>
      <Lines console={console} columns={columns} rows={rows} />
    </ErrorsEnd>
  ) : (
    <Lines console={console} columns={columns} rows={rows} />
  )
}

function Lines({ console, columns, rows }: { console: Console; columns: number; rows: number }): ReactNode {
  const Screen = screenOf(console.page.screen)
  const dialog = dialogOf(console, columns)
  const message = messageLines(console, columns).length
  const body = Math.max(1, rows - 2 - message - (dialog ? dialog.lines.length + dialog.titles.length : 0))
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <StatusBar console={console} width={columns} />
      <Box flexDirection="column" height={body} overflowY="hidden">
        <Screen console={console} width={columns} height={body} />
      </Box>
      {dialog && <Dialog dialog={dialog} width={columns} />}
      <MessageLine console={console} height={message} width={columns} />
      <Footer console={console} width={columns} />
    </Box>
  )
}

function TooSmall({ columns, rows }: { columns: number; rows: number }): ReactNode {
  return (
    <Text wrap="truncate">
      {columns}x{rows}: needs {smallest.columns}x{smallest.rows}
    </Text>
  )
}
