/** What is used of the npm package x11, which has no types. https://github.com/sidorares/node-x11 */
declare module 'x11' {
  import type { EventEmitter } from 'node:events'
  import type { Duplex } from 'node:stream'

  type Done<T> = (error: Error | null | undefined, result: T) => void

  interface Screen {
    root: number
    pixel_width: number
    pixel_height: number
    black_pixel: number
    white_pixel: number
  }

  export interface Display {
    client: Client
    screen: Screen[]
    resource_mask: number
    min_keycode: number
    max_keycode: number
  }

  export interface Client extends EventEmitter {
    /** those that are known, by their names */
    atoms: Readonly<Record<string, number>>
    require(extension: 'screen-saver', done: Done<ScreenSaver>): void
    require(extension: 'res', done: Done<Resources>): void
    QueryTree(window: number, done: Done<{ root: number; parent: number; children: number[] }>): void
    GetProperty(
      remove: 0 | 1,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      done: Done<{ type: number; data: Buffer }>,
    ): void
    GetGeometry(
      window: number,
      done: Done<{ width: number; height: number; xPos: number; yPos: number }>,
    ): void
    /** `mapState` 2: it can be seen, but for what lies above it */
    GetWindowAttributes(window: number, done: Done<{ mapState: number }>): void
    /** `mode` 0: in the place of what there is; `units`: bits of each */
    ChangeProperty(
      mode: 0,
      window: number,
      property: number,
      type: number,
      units: 32,
      data: readonly number[],
    ): void
    InternAtom(onlyIfExists: boolean, name: string, done: Done<number>): void
    MapWindow(window: number): void
    RaiseWindow(window: number): void
    MoveResizeWindow(window: number, x: number, y: number, width: number, height: number): void
    SetInputFocus(window: number, revertTo: number): void
    LowerWindow(window: number): void
    AllocID(): number
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      border: number,
      depth: number,
      kind: number,
      visual: number,
      values: Record<string, number | boolean>,
    ): void
    DestroyWindow(window: number): void
    CreateGC(id: number, drawable: number, values: Record<string, number>): void
    FreeGC(gc: number): void
    OpenFont(id: number, name: string): void
    CloseFont(id: number): void
    ListFonts(pattern: string, most: number, done: Done<string[]>): void
    ImageText8(window: number, gc: number, x: number, y: number, text: string): void
    GetKeyboardMapping(first: number, count: number, done: Done<number[][]>): void
    GrabKey(
      window: number,
      ownerEvents: boolean,
      modifiers: number,
      keycode: number,
      pointerMode: number,
      keyboardMode: number,
    ): void
    UngrabKey(window: number, keycode: number, modifiers: number): void
    GrabKeyboard(
      window: number,
      ownerEvents: boolean,
      time: number,
      pointerMode: number,
      keyboardMode: number,
      done: Done<number>,
    ): void
    UngrabKeyboard(time: number): void
    SendEvent(destination: number, propagate: boolean, mask: number, event: Buffer): void
    close(done?: () => void): void
    terminate(): void
    atoms: Record<string, number>
  }

  export interface ScreenSaver {
    QueryInfo(drawable: number, done: Done<{ idle: number }>): void
  }

  export interface Resources {
    QueryVersion(major: number, minor: number, done: Done<[number, number]>): void
    QueryClients(done: Done<{ resourceBase: number; resourceMask: number }[]>): void
  }

  interface Options {
    stream?: Duplex
    display?: string
    auth?: { name: string; data: string }
    shm?: false
    disableBigRequests?: boolean
  }

  const x11: { createClient(options: Options, done: Done<Display>): Client }
  export default x11
}
