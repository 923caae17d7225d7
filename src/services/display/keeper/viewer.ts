import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Obeyed, WishedSize } from '../opening.ts'
import { authority } from '../x11/cookie.ts'
import { type Ours, Outer } from '../x11/outer.ts'
import { ChannelFailure } from './failure.ts'
import { type Env, livesThere, type Screen } from './screen.ts'
import { WayBack } from './way-back.ts'
import { type Child, lastWordsOf, startChild } from './x-server.ts'

/** Pixels, where the terminal does not tell how many it has. */
const usual = { width: 1024, height: 768 }
/** Viewers of VNC that take a unix socket, by their names in Debian and elsewhere. */
const viewers = ['xtigervncviewer', 'vncviewer'] as const
/** Milliseconds after which a viewer that runs shows something. */
const shows = 1000
/** Milliseconds between two looks whether its window is there, and how often. */
const looks = { every: 40, most: 250 } as const

/** The screen of a terminal, in pixels. */
interface Terminal extends Exclude<WishedSize, 'full'> {
  /** a window manager makes windows fill it */
  readonly fills: boolean
}

/** Where a viewer finds what it is to show. */
export interface Source {
  /** the unix socket of a VNC server */
  readonly path: string
  /** settles when there is something to be seen, rejects with why there is not; none: it is known to be there */
  readonly seen?: Promise<void>
  /** nobody looks at it any more */
  end(): void
}

interface ViewerOptions<S extends Source> {
  /** the channel's id, and its own folder */
  readonly id: string
  readonly folder: string
  readonly env: Env
  /** it can be taken from its terminal, and shown on another one */
  readonly isKept: boolean
  /** is asked anew for each viewer */
  readonly source: () => Promise<S>
  /** is told that nobody looks at it any more: its viewer was closed, its terminal has gone, or what it showed has */
  readonly away: (source: S) => void
}

/** A viewer of VNC on a terminal, and the next one on another. */
export class Viewer<S extends Source> implements Screen {
  readonly #options: ViewerOptions<S>
  #viewer: Child | undefined
  #source: S | undefined
  #back: WayBack | undefined
  #env: Env
  #hasEnded = false

  constructor(options: ViewerOptions<S>) {
    this.#options = options
    this.#env = options.env
  }

  /** where it is shown, or was shown last */
  get env(): Env {
    return this.#env
  }

  /** Shows it on a terminal; another viewer is ended. @throws {ChannelFailure} there is no viewer, or it ends at once, or nothing to be seen */
  async show(env: Env, size: WishedSize, terminal: Terminal): Promise<void> {
    const source = await this.#options.source()
    try {
      const isAlone = size === 'full' && !terminal.fills
      // One that is not quite as large is no reason to end it.
      const begun = (viewer: Child) => {
        if (isAlone) void fill(env, { id: this.#options.id, pid: viewer.pid }, viewer.ended).catch(() => {})
      }
      const viewer = await startViewer(source, viewerWords(source.path, size, terminal), env, begun)
      if (!this.#hasEnded) return this.#follow(viewer, source, env)
      viewer.end()
      throw new ChannelFailure('cancelled', 'it was closed meanwhile')
    } catch (error) {
      source.end()
      throw error
    }
  }

  /** Shows it where it was. */
  async showAgain(): Promise<void> {
    await this.show(this.#env, 'full', await terminalOf(this.#env))
  }

  #follow(viewer: Child, source: S, env: Env): void {
    this.#leave()
    this.#viewer = viewer
    this.#source = source
    this.#env = env
    const back = new WayBack(env, { id: this.#options.id, pid: viewer.pid })
    this.#back = back
    void viewer.ended.then(() => {
      back.end()
      source.end()
      if (this.#viewer !== viewer) return
      this.#viewer = undefined
      this.#options.away(source)
    })
  }

  /** Ends the viewer that there is; nobody is told. */
  #leave(): Child | undefined {
    const viewer = this.#viewer
    this.#viewer = undefined
    viewer?.end()
    this.#back?.end()
    this.#source?.end()
    return viewer
  }

  async answers(): Promise<boolean> {
    // Where nobody looks, nobody is asked.
    return (this.#viewer && (await this.#back?.answers())) ?? true
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
    if (!this.#options.isKept) return livesThere
    this.#viewer?.end()
    await this.#viewer?.ended
    return { done: true }
  }

  async view({ display, cookie }: Parameters<Screen['view']>[0]): Promise<Obeyed> {
    if (!this.#options.isKept) return livesThere
    const file = join(this.#options.folder, 'terminal')
    if (cookie !== undefined) await writeFile(file, authority(Buffer.from(cookie, 'hex')), { mode: 0o600 })
    const env = { ...this.#env, DISPLAY: display, ...(cookie === undefined ? {} : { XAUTHORITY: file }) }
    await this.show(env, 'full', await terminalOf(env))
    return { done: true }
  }

  async end(): Promise<void> {
    this.#hasEnded = true
    await this.#leave()?.ended
  }
}

/** The words for xtigervncviewer(1): it ends when the server does, and asks nobody anything. */
export function viewerWords(path: string, size: WishedSize, { width, height, fills }: Terminal): string[] {
  // Without a window manager the geometry makes it full, and what FLTK does to fill the screen would keep the keyboard: no way back, and no key for a message.
  const whole = [...(fills ? ['-FullScreen'] : []), `-geometry=${width}x${height}+0+0`]
  const shape = size === 'full' ? whole : []
  // Its menu would offer things that nobody here is to choose, and its key belongs to the session. Were the keyboard its own, there would be no way back.
  const quiet = [
    '-MenuKey=',
    '-FullscreenSystemKeys=0',
    '-ReconnectOnError=0',
    '-AlertOnFatalError=0',
    '-RemoteResize=1',
    // Who looks at the same screen in another way is not thrown out.
    '-Shared=1',
    '-SecurityTypes=None',
  ]
  return [...shape, ...quiet, path]
}

/**
 * Where no window manager does it: makes a window fill the screen, since FLTK leaves room for a frame that nobody draws, and gives it the keyboard, before
 * somebody types who sees it.
 */
async function fill(env: Env, ours: Ours, ended: Promise<unknown>): Promise<void> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const outer = await Outer.open(env)
  try {
    for (let i = 0; i < looks.most && !isOver; i++) {
      if ((await outer.resize(ours, 'full')) && (await outer.raise(ours))) return
      await sleep(looks.every)
    }
  } finally {
    outer.close()
  }
}

/** The first viewer that there is; it shows something. @param begun is told of each that is tried */
async function startViewer(
  source: Source,
  words: readonly string[],
  env: Env,
  begun: (viewer: Child) => void,
): Promise<Child> {
  for (const program of viewers) {
    const viewer = startChild(program, words, env)
    begun(viewer)
    const stands = Promise.all([sleep(shows), source.seen]).then(() => undefined)
    const early = await Promise.race([viewer.ended, stands]).catch((error) => {
      viewer.end()
      throw error
    })
    if (early === undefined) return viewer
    if (early === 'ENOENT') continue
    throw new ChannelFailure(
      /can't open display|cannot open display/i.test(early) ? 'display-refused' : 'server-failed',
      `${program} ended at once: ${lastWordsOf(early) || 'it said nothing'}`,
      'is the terminal still there?',
    )
  }
  throw new ChannelFailure(
    'no-server',
    `none of ${viewers.join(', ')} is installed on the display server`,
    'apt-get install tigervnc-viewer',
  )
}

/** What the screen of a terminal is like. @throws {ChannelFailure} `display-refused` */
export async function terminalOf(env: Env): Promise<Terminal> {
  try {
    const outer = await Outer.open(env)
    const fills = await outer.fillsScreen().finally(() => outer.close())
    return { ...(outer.size.width >= 200 ? outer.size : usual), fills }
  } catch (error) {
    throw new ChannelFailure(
      'display-refused',
      `the display of the terminal is not to be had: ${(error as Error).message}`,
      'is the terminal still there? XAUTHORITY has to name the file with its cookie',
    )
  }
}
