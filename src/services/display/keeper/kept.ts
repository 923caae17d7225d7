import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Obeyed, WishedSize } from '../opening.ts'
import { authority } from '../x11/cookie.ts'
import { type Ours, Outer } from '../x11/outer.ts'
import { ChannelFailure } from './failure.ts'
import type { Env, Screen, ScreenOptions } from './screen.ts'
import { WayBack } from './way-back.ts'
import { accessWords, type Child, lastWordsOf, startChild, startServer, type XServer } from './x-server.ts'

/** Pixels, where the terminal does not tell how many it has. */
const usual = { width: 1024, height: 768 }
/** Viewers of VNC that take a unix socket, by their names in Debian and elsewhere. */
const viewers = ['xtigervncviewer', 'vncviewer'] as const
/** Milliseconds after which a viewer that runs shows something. */
const shows = 1000

/** What a kept channel tells of who looks at it. */
interface Looking {
  /** nobody looks at it any more: its viewer was closed, or its terminal has gone */
  readonly away: () => void
}

/**
 * Starts Xvnc, an X server whose screen is in memory, and a viewer of it on the terminal: the session outlives the terminal, and is shown wherever the person
 * sits next. It listens on a unix socket in a folder that nobody else may enter, and nowhere else.
 *
 * @throws {ChannelFailure} `display-refused`, `no-server`, `server-failed`, `cancelled`
 */
export async function openKept(
  options: ScreenOptions,
  looking: Looking,
  signal: AbortSignal,
): Promise<Screen> {
  const { env, size } = options
  const pixels = size === 'full' ? await screenSize(env) : size
  const server = await startServer('Xvnc', xvncWords(options, pixels), env, whyEnded, signal)
  const kept = new Kept(server, options, looking)
  try {
    await kept.show(env, size, pixels)
    return kept
  } catch (error) {
    await kept.end()
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

/** The words for xtigervncviewer(1): it ends when the server does, and asks nobody anything. */
export function viewerWords(folder: string, size: WishedSize, screen: Exclude<WishedSize, 'full'>): string[] {
  // A window manager makes it full; without one the geometry does.
  const shape = size === 'full' ? ['-FullScreen', `-geometry=${screen.width}x${screen.height}+0+0`] : []
  // Its menu would offer things that nobody here is to choose, and its key belongs to the session. Were the keyboard its own, there would be no way back.
  const quiet = [
    '-MenuKey=',
    '-FullscreenSystemKeys=0',
    '-ReconnectOnError=0',
    '-AlertOnFatalError=0',
    '-RemoteResize=1',
    '-SecurityTypes=None',
  ]
  return [...shape, ...quiet, socketIn(folder)]
}

const socketIn = (folder: string) => join(folder, 'screen')

class Kept implements Screen {
  readonly server: XServer
  readonly #options: ScreenOptions
  readonly #looking: Looking
  #viewer: Child | undefined
  #back: WayBack | undefined
  #env: Env

  constructor(server: XServer, options: ScreenOptions, looking: Looking) {
    this.server = server
    this.#options = options
    this.#looking = looking
    this.#env = options.env
  }

  /** Shows it on a terminal; another viewer is ended. @throws {ChannelFailure} there is no viewer, or it ends at once */
  async show(env: Env, size: WishedSize, screen: Exclude<WishedSize, 'full'>): Promise<void> {
    const words = viewerWords(this.#options.folder, size, screen)
    for (const program of viewers) {
      const viewer = startChild(program, words, env)
      const early = await Promise.race([viewer.ended, new Promise((go) => setTimeout(go, shows))])
      if (early === 'ENOENT') continue
      if (typeof early === 'string')
        throw new ChannelFailure(
          /can't open display|cannot open display/i.test(early) ? 'display-refused' : 'server-failed',
          `${program} ended at once: ${lastWordsOf(early) || 'it said nothing'}`,
          'is the terminal still there?',
        )
      this.#follow(viewer, env)
      return
    }
    throw new ChannelFailure(
      'no-server',
      `none of ${viewers.join(', ')} is installed on the display server`,
      'apt-get install tigervnc-viewer',
    )
  }

  #follow(viewer: Child, env: Env): void {
    const before = this.#viewer
    this.#viewer = viewer
    this.#env = env
    before?.end()
    this.#back?.end()
    const back = new WayBack(env, { id: this.#options.id, pid: viewer.pid })
    this.#back = back
    void viewer.ended.then(() => {
      back.end()
      if (this.#viewer !== viewer) return
      this.#viewer = undefined
      this.#looking.away()
    })
  }

  raise(): Promise<Obeyed> {
    return this.#onTerminal((outer, ours) => outer.raise(ours))
  }

  lower(): Promise<Obeyed> {
    return this.#onTerminal((outer, ours) => outer.lower(ours))
  }

  resize(size: WishedSize): Promise<Obeyed> {
    return this.#onTerminal((outer, ours) => outer.resize(ours, size))
  }

  async #onTerminal(act: (outer: Outer, ours: Ours) => Promise<boolean>): Promise<Obeyed> {
    const viewer = this.#viewer
    if (!viewer) return { refused: 'nobody looks at it now; "view" shows it on a terminal' }
    return await Outer.act(this.#env, (outer) => act(outer, { id: this.#options.id, pid: viewer.pid }))
  }

  /** Done when the viewer has gone: the next person at the terminal must not find it there. */
  async hide(): Promise<Obeyed> {
    this.#viewer?.end()
    await this.#viewer?.ended
    return { done: true }
  }

  async view({ display, cookie }: Parameters<Screen['view']>[0]): Promise<Obeyed> {
    const file = join(this.#options.folder, 'terminal')
    if (cookie !== undefined) await writeFile(file, authority(Buffer.from(cookie, 'hex')), { mode: 0o600 })
    const env = { ...this.#env, DISPLAY: display, ...(cookie === undefined ? {} : { XAUTHORITY: file }) }
    await this.show(env, 'full', await screenSize(env))
    return { done: true }
  }

  async end(): Promise<void> {
    this.#viewer?.end()
    this.server.end()
    await Promise.all([this.#viewer?.ended, this.server.ended])
  }
}

/** How many pixels a terminal has. @throws {ChannelFailure} `display-refused` */
async function screenSize(env: Env): Promise<Exclude<WishedSize, 'full'>> {
  try {
    const outer = await Outer.open(env)
    outer.close()
    return outer.size.width >= 200 ? outer.size : usual
  } catch (error) {
    throw new ChannelFailure(
      'display-refused',
      `the display of the terminal is not to be had: ${(error as Error).message}`,
      'is the terminal still there? XAUTHORITY has to name the file with its cookie',
    )
  }
}

function whyEnded(words: string): ChannelFailure {
  if (words === 'ENOENT')
    return new ChannelFailure(
      'no-server',
      'Xvnc: command not found on the display server',
      'apt-get install tigervnc-standalone-server',
    )
  return new ChannelFailure('server-failed', `Xvnc ended at once: ${lastWordsOf(words) || 'it said nothing'}`)
}
