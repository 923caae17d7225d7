import { join } from 'node:path'
import type { WishedSize } from '../opening.ts'
import { ChannelFailure } from './failure.ts'
import type { ScreenOptions, ServedScreen } from './screen.ts'
import { terminalOf, Viewer } from './viewer.ts'
import { accessWords, lastWordsOf, startServer } from './x-server.ts'

/**
 * Starts Xvnc, an X server whose screen is in memory, and a viewer of it on the terminal: the session outlives the terminal, and is shown wherever the person
 * sits next. It listens on a unix socket in a folder that nobody else may enter, and nowhere else.
 *
 * @param away is told that nobody looks at it any more
 * @throws {ChannelFailure} `display-refused`, `no-server`, `server-failed`, `cancelled`
 */
export async function openKept(
  options: ScreenOptions,
  away: () => void,
  signal: AbortSignal,
): Promise<ServedScreen> {
  const { id, folder, env, size } = options
  const terminal = await terminalOf(env)
  const pixels = size === 'full' ? terminal : size
  const server = await startServer('Xvnc', xvncWords(options, pixels), env, whyEnded, signal)
  const source = async () => ({ protocol: 'vnc' as const, path: socketIn(folder), end: () => {} })
  const viewer = new Viewer({ id, folder, env, isKept: true, source, away })
  const end = async () => {
    await viewer.end()
    server.end()
    await server.ended
  }
  try {
    await viewer.show(env, size, terminal)
    return {
      server,
      answers: () => viewer.answers(),
      raise: () => viewer.raise(),
      lower: () => viewer.lower(),
      resize: (wished) => viewer.resize(wished),
      hide: () => viewer.hide(),
      view: (where) => viewer.view(where),
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** The words for Xvnc(1). */
export function xvncWords(
  { title, authority, folder }: Pick<ScreenOptions, 'title' | 'authority' | 'folder'>,
  { width, height }: Exclude<WishedSize, 'full'>,
): string[] {
  // Who may enter the folder may look: no password would be harder to come by than that.
  const vnc = [
    '-rfbport',
    '-1',
    '-rfbunixpath',
    socketIn(folder),
    '-rfbunixmode',
    '0600',
    '-SecurityTypes',
    'None',
  ]
  return [
    ...accessWords(authority),
    '-geometry',
    `${width}x${height}`,
    '-depth',
    '24',
    ...vnc,
    '-desktop',
    title,
  ]
}

const socketIn = (folder: string) => join(folder, 'screen')

function whyEnded(words: string): ChannelFailure {
  if (words === 'ENOENT')
    return new ChannelFailure(
      'no-server',
      'Xvnc: command not found on the display server',
      'apt-get install tigervnc-standalone-server',
    )
  return new ChannelFailure('server-failed', `Xvnc ended at once: ${lastWordsOf(words) || 'it said nothing'}`)
}
