import { adaptTo } from './adapt.ts'
import { Canvas } from './canvas.ts'
import { Display } from './display.ts'
import { stopJob, terminalIsOurs } from './job.ts'
import type { KeyPress } from './key-names.ts'
import { Keyboard, keyTimes } from './keyboard.ts'
import { Line } from './line.ts'
import { nap } from './nap.ts'
import { Painter } from './painter.ts'
import type { Profile } from './profile.ts'
import { type Size, sizeOf } from './size.ts'
import { usualStops } from './tabs.ts'
import { TtyWire, takeModes } from './tty.ts'

interface SessionOptions {
  readonly profile: Profile
  /** bits a second; Infinity: as fast as the terminal takes them */
  readonly baud: number
  /** XON and XOFF stay with the terminal driver */
  readonly flowControl: boolean
  /** what the terminal driver says of the window counts for nothing */
  readonly fixedSize?: Size
  /** where that says nothing */
  readonly foundSize?: Partial<Size>
  readonly onKey: (press: KeyPress) => void
  /** the terminal has gone */
  readonly onGone: () => void
  /** which state of the program is being drawn; counts up */
  readonly markOf?: () => number
}

/** CAN: a control that was sent in part is none (VT100 User Guide). */
const cancel = '\x18'

/** A terminal that goes without an answer is given up after this, in milliseconds. */
const farewell = 1000

/**
 * The terminal of this process while it is the program's: taken over, drawn on, read, lent to others and given back as it was.
 */
export class Session {
  /** where Ink draws */
  readonly canvas: Canvas
  readonly #options: SessionOptions
  readonly #wire = new TtyWire()
  readonly #line: Line
  readonly #display: Display
  readonly #keyboard: Keyboard
  #painter: Painter
  /** `giving`: it is still ours, and waits for what is under way */
  #state: 'ours' | 'giving' | 'lent' | 'returning' | 'left' = 'ours'
  /** it is being taken back; resolves when it is ours */
  #returned: Promise<void> = Promise.resolve()
  #restoreModes: () => void = () => {}

  constructor(options: SessionOptions) {
    this.#options = options
    const { columns, rows } = this.#windowSize()
    this.#line = new Line(this.#wire, options.baud)
    this.#line.onGone = () => options.onGone()
    this.#painter = new Painter(options.profile, columns, rows)
    this.#display = new Display(this.#line, this.#painter)
    this.canvas = new Canvas(
      columns,
      rows,
      adaptTo(options.profile),
      (frame) => this.#display.show(frame),
      options.markOf,
    )
    this.#keyboard = new Keyboard(process.stdin, (press) => this.#pressed(press), keyTimes(process.env))
    process.on('SIGWINCH', this.#resized)
    process.on('SIGCONT', this.#continued)
    this.#take()
  }

  /** Something happened that a person should see at once, also on a line that rests. */
  hasten(): void {
    this.#display.hasten()
  }

  /** The mark of the newest frame that the terminal has been sent whole. */
  get painted(): number {
    return this.#display.painted
  }

  /** The terminal is taken to show anything: all is sent anew. */
  repaint(): void {
    if (this.#state === 'ours') this.#display.repaint()
  }

  /** Somebody else had the terminal while this process was stopped: its modes are set anew too. */
  #continued = (): void => {
    if (this.#state === 'ours') void this.lend(async () => {})
  }

  /** Stops the program as ^Z does, until the shell continues it. */
  stop(): void {
    void this.lend(stopJob)
  }

  /**
   * Gives the terminal to others in the state in which they expect it, and takes it back. While it is lent nobody else gets it; who wants it
   * while it is being taken back waits for that.
   */
  async lend(use: () => Promise<void>): Promise<void> {
    if (this.#state === 'returning') await this.#returned
    if (this.#state !== 'ours') return
    this.#state = 'giving'
    const isCut = await this.#quiet()
    if (this.#hasLeft()) return
    this.#state = 'lent'
    this.#give(isCut)
    try {
      await use()
    } finally {
      if (!this.#hasLeft()) {
        this.#state = 'returning'
        this.#returned = this.#takeBack()
        await this.#returned
      }
    }
  }

  async #takeBack(): Promise<void> {
    // Node ends its reading of a paused stdin a turn later; begun before that, ours would end with it.
    await new Promise(setImmediate)
    if (this.#hasLeft()) return
    this.#state = 'ours'
    this.#take()
    // Of a window that changed meanwhile only the foreground was told; this makes Node ask for its size too.
    process.emit('SIGWINCH', 'SIGWINCH')
    this.#display.resume()
  }

  /** Gives the terminal back for good. At once, since the process may be about to end. Whether it took what was sent. */
  leave(): boolean {
    if (this.#state === 'left') return true
    const before = this.#state
    this.#state = 'left'
    process.off('SIGWINCH', this.#resized)
    process.off('SIGCONT', this.#continued)
    this.#display.pause()
    const isCut = this.#line.stop()
    let isTaken = true
    if (before === 'ours' || before === 'giving') isTaken = this.#give(isCut)
    else if (terminalIsOurs()) isTaken = this.#write(this.#restoring())
    this.#wire.close()
    return isTaken
  }

  /** It may have been left meanwhile. */
  #hasLeft(): boolean {
    return this.#state === 'left'
  }

  #pressed(press: KeyPress): void {
    this.#display.hurry()
    this.#options.onKey(press)
  }

  #resized = (): void => {
    if (this.#state !== 'ours') return
    const { columns, rows } = this.#windowSize()
    // A window that was made smaller and large again may have lost what it showed.
    if (columns === this.canvas.columns && rows === this.canvas.rows) return this.#display.repaint()
    this.#painter = new Painter(this.#options.profile, columns, rows)
    this.#display.repaint(this.#painter)
    this.canvas.resize(columns, rows)
  }

  #windowSize(): Size {
    const { fixedSize, foundSize } = this.#options
    return sizeOf(fixedSize ?? process.stdout, foundSize)
  }

  #take(): void {
    const { profile, flowControl } = this.#options
    this.#restoreModes = takeModes({ flowControl })
    this.#write((profile.alternateScreen ? '\x1b[?1049h' : '') + (profile.bracketsPaste ? '\x1b[?2004h' : ''))
    this.#keyboard.on()
  }

  /** `isCut`: something was left unsent, and nobody knows how the terminal stands. */
  #give(isCut: boolean): boolean {
    const { profile } = this.#options
    this.#keyboard.off()
    const isTaken = this.#write(isCut ? cancel + this.#restoring() : this.#painter.leave() + leaving(profile))
    this.#restoreModes()
    return isTaken
  }

  /** What puts a terminal right in whatever state somebody left it. `bin/vdd` does the same for a program that was killed. */
  #restoring(): string {
    const { profile } = this.#options
    const cursor = profile.hidesCursor ? '\x1b[?25h' : ''
    const sets = profile.alternateScreen ? '' : '\x0f'
    const margins = profile.scrolls || !profile.alternateScreen ? '\x1b[r' : ''
    const stops = profile.setsTabs ? `\r${usualStops(this.canvas.columns)}` : ''
    return `\x1b[m${cursor}${sets}${margins}${stops}${leaving(profile)}`
  }

  /** Waits until what is under way has been sent, but not for a terminal that takes nothing. Whether something was left. */
  async #quiet(): Promise<boolean> {
    this.#display.pause()
    const idle = this.#display.idle()
    await Promise.race([idle, new Promise((resolve) => setTimeout(resolve, farewell).unref())])
    return this.#line.stop()
  }

  /** Writes without the event loop, and waits a while for a terminal that is full. Whether it took all; one that has gone needs nothing. */
  #write(text: string): boolean {
    let rest: Uint8Array = Buffer.from(text)
    const end = performance.now() + farewell
    try {
      for (;;) {
        rest = rest.subarray(this.#wire.write(rest))
        if (!rest.length) return true
        if (performance.now() > end) return false
        nap(10)
      }
    } catch {
      return true // nobody is there to read it
    }
  }
}

/** What leaves an empty screen, or the one that was there before. */
function leaving({ alternateScreen, bracketsPaste }: Profile): string {
  return (bracketsPaste ? '\x1b[?2004l' : '') + (alternateScreen ? '\x1b[?1049l' : '\x1b[H\x1b[J')
}
