import { EventEmitter } from 'node:events'
import { render } from 'ink'
import type { ReactNode } from 'react'
import type { Session } from '../terminal/session.ts'

/** What Ink draws on a terminal. */
interface Drawn {
  /** rejects with an error of drawing that nobody has told */
  readonly ended: Promise<unknown>
  end(): void
}

/** Draws a picture on the canvas of a session, and each of its changes. */
export function drawOn({ canvas }: Session, picture: ReactNode): Drawn {
  const ink = render(picture, {
    // Ink draws on the canvas and reads nothing; what a terminal needs the session knows.
    stdout: canvas as unknown as NodeJS.WriteStream,
    stdin: new NoInput() as unknown as NodeJS.ReadStream,
    // Ink would go by $CI
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 30,
  })
  canvas.on('emptied', () => ink.clear())
  return {
    get ended() {
      return ink.waitUntilExit()
    },
    end: () => {
      try {
        ink.unmount()
      } catch {
        // An error while drawing has been told already.
      }
    },
  }
}

/** Keys come by the session, not by Ink. */
class NoInput extends EventEmitter {
  readonly isTTY = false
}
