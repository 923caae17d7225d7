import { Outer } from '../x11/outer.ts'
import { ChannelFailure } from './failure.ts'
import { livesThere, type ScreenOptions, type ServedScreen, windowName } from './screen.ts'
import { WayBack } from './way-back.ts'
import { accessWords, lastWordsOf, startServer } from './x-server.ts'

/** The words for Xephyr(1). */
export function xephyrWords({ id, title, size, authority }: Omit<ScreenOptions, 'env' | 'folder'>): string[] {
  const shape = size === 'full' ? ['-fullscreen'] : ['-screen', `${size.width}x${size.height}`]
  const window = ['-title', title, '-name', windowName(id), '-resizeable', '-no-host-grab']
  return [...accessWords(authority), ...shape, ...window]
}

/**
 * Starts Xephyr, an X server whose screen is a window on the terminal: it lives as long as that.
 *
 * @throws {ChannelFailure} `display-refused`, `no-server`, `server-failed`, `cancelled`
 */
export async function openXephyr(options: ScreenOptions, signal: AbortSignal): Promise<ServedScreen> {
  const { id, env } = options
  const server = await startServer('Xephyr', xephyrWords(options), env, whyEnded, signal)
  const back = new WayBack(env, { id })
  return {
    server,
    answers: () => back.answers(),
    lower: () => Outer.act(env, (outer) => outer.lower({ id })),
    raise: () => Outer.act(env, (outer) => outer.raise({ id })),
    resize: (size) => Outer.act(env, (outer) => outer.resize({ id }, size)),
    view: async () => livesThere,
    hide: async () => livesThere,
    end: async () => {
      back.end()
      server.end()
      await server.ended
    },
  }
}

/** What its last words mean, when it ended before it had told its number. */
export function whyEnded(words: string): ChannelFailure {
  if (words === 'ENOENT')
    return new ChannelFailure(
      'no-server',
      'Xephyr: command not found on the display server',
      'apt-get install xserver-xephyr',
    )
  const last = lastWordsOf(words)
  if (
    /cannot open (host )?display|No protocol specified|Authorization required|Invalid MIT-MAGIC/i.test(last)
  )
    return new ChannelFailure(
      'display-refused',
      `Xephyr has no access to the display of the terminal: ${last}`,
      'is the terminal still there? XAUTHORITY has to name the file with its cookie',
    )
  return new ChannelFailure('server-failed', `Xephyr ended at once: ${last || 'it said nothing'}`)
}
