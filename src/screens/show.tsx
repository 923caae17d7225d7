import { type Instance, render } from 'ink'
import { type Theme, themeFor } from '../components/theme.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { Console } from '../hooks/console.ts'
import type { Label } from '../hosts/label.ts'
import {
  type Ending,
  errorReport,
  hasAlternateScreen,
  onEnding,
  restoring,
  terminalIsOurs,
  writeNow,
} from '../terminal/session.ts'
import { App } from './App.tsx'

interface ShowOptions {
  readonly fleet: Fleet
  readonly who: Label
  readonly colour: boolean
}

/** Shows the console until the person leaves or the terminal goes away. Resolves with the exit status. */
export async function showConsole({ fleet, who, colour }: ShowOptions): Promise<number> {
  const term = process.env.TERM ?? ''
  const theme: Theme = themeFor({ term, colour })
  const console = new Console(fleet, who)
  let ended: (ending: Ending) => void = () => {}
  const ending = new Promise<Ending>((resolve) => {
    ended = resolve
  })
  const ignore = onEnding((early) => ended(early))
  const failed = (error: unknown) => ended({ code: 70, message: errorReport(error) })
  console.quit = () => ended({ code: 0 })
  fleet.start()
  const ink = render(<App console={console} theme={theme} onError={failed} />, {
    // Ink would go by $CI
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    alternateScreen: hasAlternateScreen(term),
    maxFps: 20,
  })
  ink.waitUntilExit().catch(failed)
  const { code, message } = await ending
  leave(ink, term)
  if (message) process.stderr.write(message)
  await Promise.race([fleet.stop(), new Promise((resolve) => setTimeout(resolve, 500).unref())])
  fleet.journal.close()
  ignore()
  return code
}

function leave(ink: Instance, term: string): void {
  try {
    // Cleared first, Ink does not draw the last frame once more.
    ink.clear()
    ink.unmount()
  } catch {
    // A terminal that has gone cannot be cleared.
  }
  if (process.stdin.isTTY) {
    try {
      process.stdin.setRawMode(false)
    } catch {
      // The same.
    }
  }
  if (terminalIsOurs()) writeNow(restoring(term))
}
