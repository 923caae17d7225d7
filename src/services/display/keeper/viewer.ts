import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ScreenProtocol } from '../../screen-protocol.ts'
import { isBySsh } from '../here/by-ssh.ts'
import type { Obeyed, WishedSize } from '../opening.ts'
import { authority } from '../x11/cookie.ts'
import { type Ours, Outer } from '../x11/outer.ts'
import { ChannelFailure } from './failure.ts'
import { type Env, livesThere, type Screen } from './screen.ts'
import {
  type Foreign,
  type Login,
  type Terminal,
  type ViewerProgram,
  viewerAdvice,
  viewerPrograms,
} from './viewers.ts'
import { WayBack } from './way-back.ts'
import { type Child, lastWordsOf, startChild } from './x-server.ts'

/** Pixels, where the terminal does not tell how many it has. */
const usual = { width: 1024, height: 768 }
/** Milliseconds after which a viewer that runs shows something. */
const shows = 1000
/** Milliseconds between two looks whether its window is there, and how often. */
const looks = { every: 40, most: 250 } as const
/** The same for one that logs in first. */
const logins = { every: 200, most: 200 } as const

/** Where a viewer finds what it is to show. */
export interface Source {
  readonly protocol: ScreenProtocol
  /** the unix socket of its server */
  readonly path: string
  /** who logs in there, where nothing is to be seen before */
  readonly login?: Login | undefined
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
  readonly foreign?: Foreign
  /** is told that nobody looks at it any more: its viewer was closed, its terminal has gone, or what it showed has */
  readonly away: (source: S) => void
}

/** A viewer on a terminal, and the next one on another. */
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
      const viewer = await startViewer(this.#options, source, size, terminal, env)
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

/**
 * Where no window manager does it: makes a window fill the screen, since FLTK leaves room for a frame that nobody draws, and gives it the keyboard, before
 * somebody types who sees it. A window that is not to fill it has no other way to the keyboard either.
 */
async function present(
  env: Env,
  ours: Ours,
  size: WishedSize,
  { isToldFull = false }: ViewerProgram,
  ended: Promise<unknown>,
): Promise<void> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const outer = await Outer.open(env)
  const fill = async () => size !== 'full' || (await outer.fill(ours, isToldFull))
  try {
    for (let i = 0; i < looks.most && !isOver; i++) {
      if ((await fill()) && (await outer.raise(ours))) return
      await sleep(looks.every)
    }
  } finally {
    outer.close()
  }
}

/** Waits for its window: whoever has to log in first may be refused late. */
async function untilThere(env: Env, ours: Ours, ended: Promise<unknown>): Promise<void> {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const outer = await Outer.open(env)
  try {
    for (let i = 0; i < logins.most && !isOver; i++) {
      if (await outer.has(ours)) return
      await sleep(logins.every)
    }
  } finally {
    outer.close()
  }
  if (!isOver) throw new ChannelFailure('server-failed', 'the machine lets nobody in, and does not say why')
}

/** The first viewer that there is for it; it shows something. @throws {ChannelFailure} there is none, or it ends at once, or nothing is to be seen */
async function startViewer(
  { id, foreign }: { readonly id: string; readonly foreign?: Foreign },
  source: Source,
  size: WishedSize,
  terminal: Terminal,
  env: Env,
): Promise<Child> {
  const { protocol, path, login } = source
  for (const program of viewerPrograms.filter(({ speaks }) => speaks === protocol)) {
    const words = program.words({ path, size, terminal, id, login, foreign })
    const viewer = startChild(program.name, words, { ...env, ...program.env }, login && `${login.password}\n`)
    // One that is not quite as large is no reason to end it.
    if (!terminal.fills)
      void present(env, { id, pid: viewer.pid }, size, program, viewer.ended).catch(() => {})
    const isShown = login ? untilThere(env, { id, pid: viewer.pid }, viewer.ended) : sleep(shows)
    const stands = Promise.all([isShown, source.seen]).then(() => undefined)
    const early = await Promise.race([viewer.ended, stands]).catch((error) => {
      viewer.end()
      throw error
    })
    if (early === undefined) return viewer
    if (early === 'ENOENT') continue
    throw new ChannelFailure(
      program.why?.(early) ??
        (/(can't|cannot|failed to) open display/i.test(early) ? 'display-refused' : 'server-failed'),
      `${program.name} ended at once: ${lastWordsOf(early) || 'it said nothing'}`,
      'is the terminal still there?',
    )
  }
  throw new ChannelFailure(
    'no-server',
    `no viewer for ${protocol.toUpperCase()} is installed on the display server`,
    viewerAdvice(protocol),
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
      isBySsh(env.DISPLAY ?? '')
        ? 'the ssh connection of that terminal has ended: "view" at a terminal shows it there'
        : 'is the terminal still there? XAUTHORITY has to name the file with its cookie',
    )
  }
}
