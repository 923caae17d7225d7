import { hostname } from 'node:os'
import { execa } from 'execa'
import { dial, type Place } from '../../../hosts/dial.ts'
import type { Label } from '../../../hosts/label.ts'
import type { Obeyed, WishedSize } from '../opening.ts'
import { asked, connectX, patience, type XConnection } from './connect.ts'
import { socketOf } from './inner.ts'
import type { Notice } from './notice.ts'

type Env = Readonly<Record<string, string | undefined>>

/** How deep a window manager may put a window into frames of its own. */
const deepest = 4

/** Where the server of a display listens: X(7), Display Names. Undefined: it is no such name. */
export function placeOfDisplay(display: string): Place | undefined {
  const [, host, number] =
    /^(?:(?:unix|tcp|local|inet6?)\/)?([^:]*|\[[0-9a-fA-F:]+\]):(\d{1,5})(?:\.\d+)?$/.exec(display) ?? []
  if (host === undefined || number === undefined) return undefined
  if (host === '' || host === 'unix' || host.endsWith('/unix')) return { path: socketOf(Number(number)) }
  return { host: host.replace(/^\[|\]$/g, ''), port: 6000 + Number(number) }
}

/** The cookie of a display, as xauth(1) finds it; undefined: there is none. */
export async function cookieOf(display: string, env: Env): Promise<Buffer | undefined> {
  const file = env.XAUTHORITY ? ['-f', env.XAUTHORITY] : []
  const { stdout } = await execa('xauth', [...file, 'list', display], {
    reject: false,
    timeout: patience,
    env,
    extendEnv: false,
    // sudo may have left us in a folder that is closed to this user.
    cwd: '/',
  })
  const hex = /\sMIT-MAGIC-COOKIE-1\s+([0-9a-f]{2,512})$/m.exec(stdout ?? '')?.[1]
  return hex === undefined ? undefined : Buffer.from(hex, 'hex')
}

/** A window of ours: by the channel's id, and by the process that made it, where that gives its window no name (a viewer that fills the screen). */
export interface Ours {
  readonly id: string
  readonly pid?: number | undefined
}

/** The screen of the terminal, on which the windows of channels are. */
export class Outer {
  readonly #x: XConnection

  private constructor(x: XConnection) {
    this.#x = x
  }

  /** @throws the terminal is not there any more, or refuses */
  static async open(env: Env): Promise<Outer> {
    const { DISPLAY = '' } = env
    const place = placeOfDisplay(DISPLAY)
    if (!place) throw new Error(`DISPLAY is ${DISPLAY || 'not set'}`)
    const cookie = await cookieOf(DISPLAY, env)
    return new Outer(await connectX(await dial(place, AbortSignal.timeout(patience)), cookie))
  }

  /** Does something to the window of a channel; false means that it is not there. */
  static async act(env: Env, act: (outer: Outer) => Promise<boolean>): Promise<Obeyed> {
    const outer = await Outer.open(env)
    try {
      return (await act(outer)) ? { done: true } : { refused: 'its window is not on the terminal any more' }
    } finally {
      outer.close()
    }
  }

  get size(): XConnection['size'] {
    return this.#x.size
  }

  close(): void {
    this.#x.close()
  }

  /** Brings a window to the front, with the keyboard. False: it is not there. */
  async raise(ours: Ours): Promise<boolean> {
    const window = await this.#find(ours)
    if (window === undefined) return false
    const { client } = this.#x
    client.MapWindow(window)
    if (await this.#supports('_NET_ACTIVE_WINDOW')) await this.#wish(window, '_NET_ACTIVE_WINDOW', [2])
    else {
      client.RaiseWindow(await this.#frameOf(window))
      client.SetInputFocus(window, revertToParent)
    }
    await this.#done()
    return true
  }

  /** Puts a window behind all others, so that what was below it has the keyboard: the desk. False: it is not there. */
  async lower(ours: Ours): Promise<boolean> {
    const window = await this.#find(ours)
    if (window === undefined) return false
    const { client } = this.#x
    // ICCCM 4.1.4: a window manager makes it an icon. Without one it goes below, and whatever is under the pointer has the keyboard.
    if (await this.#supports('_NET_ACTIVE_WINDOW')) await this.#wish(window, 'WM_CHANGE_STATE', [iconic])
    else {
      client.LowerWindow(window)
      client.SetInputFocus(pointerRoot, revertToParent)
    }
    await this.#done()
    return true
  }

  /** Tells when the key that leads back to the desk is pressed while the window has the keyboard. False: the window is not there (yet). */
  async onWayBack(ours: Ours, pressed: () => void): Promise<boolean> {
    const window = await this.#find(ours)
    if (window === undefined) return false
    const { client, keys } = this.#x
    const [first, last] = keys
    const mapping = await asked<number[][]>((done) =>
      client.GetKeyboardMapping(first, last - first + 1, done),
    )
    const keycode = mapping.findIndex((syms) => syms.includes(wayBack.keysym)) + first
    if (keycode < first) return true
    // With Caps Lock and Num Lock the modifiers are others.
    for (const locks of [0, capsLock, numLock, capsLock | numLock])
      client.GrabKey(window, false, wayBack.modifiers | locks, keycode, asynchronous, asynchronous)
    client.on('event', ({ name }: { name: string }) => {
      if (name === 'KeyPress') pressed()
    })
    await this.#done()
    return true
  }

  /** Whether a window manager is there that makes a window fill the screen. */
  fillsScreen(): Promise<boolean> {
    return this.#supports('_NET_WM_STATE_FULLSCREEN')
  }

  /** Shows a message in front of all windows (`showNotice`). */
  async notice(heading: Label, message: readonly Label[], hint: Label): Promise<Notice> {
    const { showNotice } = await import('./notice.ts')
    return await showNotice(this.#x, heading, message, hint)
  }

  get ended(): Promise<void> {
    return this.#x.ended
  }

  /** Does what a window manager would: has a window that can be seen fill the screen. False: there is none yet. @param isTold tells its program, too */
  async fill(ours: Ours, isTold: boolean): Promise<boolean> {
    const window = await this.#find(ours)
    if (window === undefined) return false
    const { client } = this.#x
    // What it tells of itself when it is mapped would be in the place of what it was told before.
    const { mapState } = await asked<{ mapState: number }>((done) => client.GetWindowAttributes(window, done))
    if (isTold && mapState !== viewable) return false
    const [state, full] = await Promise.all([
      this.#atom('_NET_WM_STATE'),
      this.#atom('_NET_WM_STATE_FULLSCREEN'),
    ])
    if (isTold) client.ChangeProperty(0, window, state, atomType, 32, [full])
    return await this.resize(ours, 'full')
  }

  /** Makes it as large as the screen, or of so many pixels. */
  async resize(ours: Ours, size: WishedSize): Promise<boolean> {
    const window = await this.#find(ours)
    if (window === undefined) return false
    const { client, size: screen } = this.#x
    const isManaged = await this.#supports('_NET_WM_STATE_FULLSCREEN')
    const fullScreen = await this.#atom('_NET_WM_STATE_FULLSCREEN')
    if (isManaged) await this.#wish(window, '_NET_WM_STATE', [size === 'full' ? 1 : 0, fullScreen])
    const { width, height } = size === 'full' ? screen : size
    if (!isManaged || size !== 'full') client.MoveResizeWindow(window, 0, 0, width, height)
    await this.#done()
    return true
  }

  async has(ours: Ours): Promise<boolean> {
    return (await this.#find(ours)) !== undefined
  }

  /** Whether it answers, within some seconds. */
  async answers(): Promise<boolean> {
    return await this.#done().then(
      () => true,
      () => false,
    )
  }

  /** All that was asked has been done when this is answered: X servers work in order. */
  async #done(): Promise<void> {
    const { client, root } = this.#x
    await asked((done) => client.QueryTree(root, done))
  }

  #atom(name: string): Promise<number> {
    return asked((done) => this.#x.client.InternAtom(false, name, done))
  }

  /** Whether the window manager knows a hint: EWMH, _NET_SUPPORTED. */
  async #supports(hint: string): Promise<boolean> {
    const { client, root } = this.#x
    const [property, atom] = await Promise.all([this.#atom('_NET_SUPPORTED'), this.#atom(hint)])
    const { data } = await asked<{ data: Buffer }>((done) =>
      client.GetProperty(0, root, property, 0, 0, 1000, done),
    )
    for (let at = 0; at + 4 <= data.length; at += 4) if (data.readUInt32LE(at) === atom) return true
    return false
  }

  /** Asks the window manager: a ClientMessage to the root window, EWMH. */
  async #wish(window: number, message: string, values: readonly number[]): Promise<void> {
    const event = Buffer.alloc(32)
    event.writeUInt8(clientMessage, 0)
    event.writeUInt8(32, 1)
    event.writeUInt32LE(window, 4)
    event.writeUInt32LE(await this.#atom(message), 8)
    for (const [i, value] of values.entries()) event.writeUInt32LE(value, 12 + 4 * i)
    this.#x.client.SendEvent(this.#x.root, false, substructure, event)
  }

  /** The window of a channel, wherever a window manager has put it. Of several of one program (GTK has one that is never seen) it is the largest. */
  async #find(ours: Ours): Promise<number | undefined> {
    const found: number[] = []
    let layer = await this.#children(this.#x.root)
    for (let depth = 0; depth < deepest && layer.length; depth++) {
      const isOurs = await Promise.all(layer.map((window) => this.#isOf(window, ours)))
      found.push(...layer.filter((_window, i) => isOurs[i]))
      layer = (await Promise.all(layer.map((window) => this.#children(window)))).flat()
    }
    const areas = await Promise.all(found.map((window) => this.#area(window)))
    return found[areas.indexOf(Math.max(...areas))]
  }

  /** In pixels. */
  async #area(window: number): Promise<number> {
    return await asked<{ width: number; height: number }>((done) =>
      this.#x.client.GetGeometry(window, done),
    ).then(
      ({ width, height }) => width * height,
      () => 0,
    )
  }

  /** What has gone meanwhile has none. */
  async #children(window: number): Promise<number[]> {
    return await asked<{ children: number[] }>((done) => this.#x.client.QueryTree(window, done)).then(
      ({ children }) => children,
      () => [],
    )
  }

  /** Its class is the channel's (Xephyr, xfreerdp), or it was made by this process of this machine (a viewer). ICCCM 4.1.2.5, EWMH _NET_WM_PID. */
  async #isOf(window: number, { id, pid }: Ours): Promise<boolean> {
    const names = (await this.#property(window, wmClass))?.toString('latin1').split('\0') ?? []
    if (names.includes(`vdd-${id}`)) return true
    if (pid === undefined) return false
    const [made, machine] = await Promise.all([
      this.#property(window, await this.#atom('_NET_WM_PID')),
      this.#property(window, wmClientMachine),
    ])
    return made?.length === 4 && made.readUInt32LE(0) === pid && machine?.toString() === hostname()
  }

  /** undefined: it has gone meanwhile */
  async #property(window: number, property: number): Promise<Buffer | undefined> {
    const found = await asked<{ data: Buffer }>((done) =>
      this.#x.client.GetProperty(0, window, property, 0, 0, 100, done),
    ).catch(() => undefined)
    return found?.data
  }

  /** The outermost window that holds it below the root. */
  async #frameOf(window: number): Promise<number> {
    const { parent, root } = await asked<{ parent: number; root: number }>((done) =>
      this.#x.client.QueryTree(window, done),
    )
    return parent === root || parent === 0 ? window : await this.#frameOf(parent)
  }
}

/** Numbers of the X11 protocol. */
const clientMessage = 33
const atomType = 4
const wmClass = 67
const wmClientMachine = 36
const revertToParent = 2
const iconic = 3
const pointerRoot = 1
const asynchronous = 1
const viewable = 2
const capsLock = 2
const numLock = 16
/** Ctrl+Alt+Home, by the keysym of Home. */
const wayBack = { keysym: 0xff50, modifiers: 4 | 8 }
/** SubstructureNotify and SubstructureRedirect */
const substructure = 0x180000
