import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { IBufferCell } from '@xterm/headless'
import headless from '@xterm/headless'
import { type IPty, spawn } from 'node-pty'
import { patience } from './until.ts'

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  /** it answers no question, as a printer or a line that leads nowhere */
  readonly silent?: boolean
  /** the whole environment of the command */
  readonly env: Readonly<Record<string, string>>
}

/** How a piece of the screen looks. */
export interface Looks {
  readonly inverse: boolean
  readonly bold: boolean
  /** neither the default foreground nor the default background */
  readonly coloured: boolean
}

/** What to wait for: a text or pattern somewhere on the screen, or anything else. */
export type Condition = string | RegExp | (() => boolean)

/** Keys that are no characters, as a VT100 sends them (xterm where a VT100 has none). */
const keys = {
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
} as const

export type Key = keyof typeof keys

/** A program on a terminal, used as a person does: look at the screen, press keys, wait until something shows. */
export class TerminalUnderTest {
  /** all that the program has sent */
  output = ''
  /** of the program that was started: its status once it has ended, and the signal that ended it (0: none) */
  exit: { readonly code: number; readonly signal: number } | undefined
  readonly #pty: IPty
  readonly #screen: headless.Terminal

  constructor(
    file: string,
    args: readonly string[],
    { columns = 80, rows = 24, silent, env }: TerminalOptions,
  ) {
    this.#screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
    this.#pty = spawn(file, [...args], { cols: columns, rows, env: { ...env }, name: env.TERM ?? 'vt100' })
    this.#pty.onData((text) => {
      this.output += text
      this.#screen.write(text)
    })
    this.#pty.onExit(({ exitCode, signal }) => {
      this.exit = { code: exitCode, signal: signal ?? 0 }
    })
    // what the terminal itself answers, when it is asked for its attributes or the cursor
    if (!silent) this.#screen.onData((text) => this.type(text))
  }

  /** The leader of the session on this terminal. */
  get pid(): number {
    return this.#pty.pid
  }

  /** The lines of the screen, without blanks at their ends. */
  screen(): string[] {
    const { active } = this.#screen.buffer
    return Array.from({ length: this.#screen.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString() ?? '').trimEnd(),
    )
  }

  shows(what: string | RegExp): boolean {
    const text = this.screen().join('\n')
    return typeof what === 'string' ? text.includes(what) : what.test(text)
  }

  /** The first line that shows this. */
  line(what: string | RegExp): string | undefined {
    return this.screen().find((line) => (typeof what === 'string' ? line.includes(what) : what.test(line)))
  }

  /** How the first place looks where this text stands on the screen. */
  looks(text: string): Looks | undefined {
    const row = this.screen().findIndex((line) => line.includes(text))
    const column = this.screen()[row]?.indexOf(text)
    return column === undefined ? undefined : looksOf(this.#cell(column, row))
  }

  /** How the row looks, cell by cell. */
  row(row: number): (Looks | undefined)[] {
    return Array.from({ length: this.#screen.cols }, (_, column) => looksOf(this.#cell(column, row)))
  }

  #cell(column: number, row: number): IBufferCell | undefined {
    const { active } = this.#screen.buffer
    return active.getLine(active.baseY + row)?.getCell(column)
  }

  /** Where the cursor stands, from 0. */
  get cursor(): { readonly column: number; readonly row: number } {
    const { cursorX, cursorY } = this.#screen.buffer.active
    return { column: cursorX, row: cursorY }
  }

  get cursorIsShown(): boolean {
    return this.output.lastIndexOf('\x1b[?25h') >= this.output.lastIndexOf('\x1b[?25l')
  }

  get isAlternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate'
  }

  /** Presses keys one after the other. */
  press(...pressed: (Key | (string & {}))[]): void {
    for (const key of pressed) this.type(key in keys ? keys[key as Key] : key)
  }

  /** Types a text, all in one burst. */
  type(text: string): void {
    if (!this.exit) this.#pty.write(text)
  }

  /** Sends bytes that need not be text. */
  bytes(bytes: Buffer): void {
    // It takes bytes too, though its types do not say so.
    if (!this.exit) this.#pty.write(bytes as unknown as string)
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows)
    this.#screen.resize(columns, rows)
  }

  /** Waits until the screen shows it; when the time is over, the error shows what the screen shows instead. */
  async until(condition: Condition, deadline = patience): Promise<void> {
    const holds = typeof condition === 'function' ? condition : () => this.shows(condition)
    const end = performance.now() + deadline
    while (!holds()) {
      if (performance.now() > end)
        throw new Error(
          `waited ${deadline} ms for ${condition}\n${this.screen().join('\n')}\n${this.exit ? `it ended: ${JSON.stringify(this.exit)}` : ''}`,
        )
      await setTimeout(20)
    }
  }

  /** Presses y at a dialog that asks, as a person does: once more where the key came before the dialog stood there whole. */
  async confirm(): Promise<void> {
    const early = 'that key came before this was shown'
    await this.until('y Do it')
    this.press('y')
    await this.until(() => !this.shows('[Cancel]') || this.shows(early))
    if (this.shows(early)) this.press('y')
    await this.until(() => !this.shows('[Cancel]'))
  }

  /** Waits until the program has sent nothing for a while, which on a screen that stands still means that it has sent all. */
  async quiet(): Promise<void> {
    let [length, since] = [-1, performance.now()]
    await this.until(() => {
      if (this.output.length !== length) [length, since] = [this.output.length, performance.now()]
      return performance.now() - since > 400
    })
  }

  /** Waits until the program has ended, and all its output has been shown. */
  async ended(): Promise<{ readonly code: number; readonly signal: number }> {
    await this.until(() => this.exit !== undefined)
    await new Promise<void>((resolve) => this.#screen.write('', resolve))
    return this.exit as { code: number; signal: number }
  }

  /** The modes of the terminal now, as `stty` tells them. */
  modes(how: '-g' | '-a' = '-g'): string {
    return execFileSync('stty', ['-F', `/proc/${this.pid}/fd/0`, how], { encoding: 'utf8' }).trim()
  }

  /** What runs in the session of this terminal: the program itself, and whatever it has started there. */
  processes(): { readonly pid: number; readonly command: string; readonly state: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
          const [state = '', , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
          if (Number(session) !== this.pid || state === 'Z') return []
          const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
          return [{ pid: Number(name), command, state }]
        } catch {
          return [] // it has ended meanwhile
        }
      })
  }

  /** Takes the terminal away, as when a connection is lost or a window is closed. */
  hangUp(): void {
    const pty: IPty & { destroy?: () => void } = this.#pty
    pty.destroy?.()
  }

  /** Ends what was started, whatever state it is in. */
  close(): void {
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it has ended by itself
      }
    }
    this.hangUp()
    this.#screen.dispose()
  }
}

function looksOf(cell: IBufferCell | undefined): Looks | undefined {
  return (
    cell && {
      inverse: cell.isInverse() !== 0,
      bold: cell.isBold() !== 0,
      coloured: !cell.isFgDefault() || !cell.isBgDefault(),
    }
  )
}
