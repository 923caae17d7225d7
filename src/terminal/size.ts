import { readSync, writeSync } from 'node:fs'
import { rawModes, stty } from './tty.ts'

/** Of a window, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What is beyond stays empty: no window is larger, and a size that is none (stty rows 5000) would take all the time there is. */
const largest: Size = { columns: 500, rows: 200 }

/** Of a terminal of which nothing is known: a VT100's. */
const usual: Size = { columns: 80, rows: 24 }

/** `132x43`; undefined: that is no size. */
export function sizeFrom(text: string): Size | undefined {
  const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(text) ?? []
  return Number(columns) && Number(rows) ? { columns: Number(columns), rows: Number(rows) } : undefined
}

/** The size that is drawn for: what the terminal driver says, else what was found out at the start. */
export function sizeOf(told: Partial<Size>, found: Partial<Size> = {}): Size {
  const one = (which: keyof Size) => Math.min(told[which] || found[which] || usual[which], largest[which])
  return { columns: one('columns'), rows: one('rows') }
}

/** What $COLUMNS and $LINES say. */
export function sizeOfEnvironment({ COLUMNS = '', LINES = '' }: NodeJS.ProcessEnv): Partial<Size> {
  const whole = (text: string) => (/^\d{1,4}$/.test(text) && Number(text) ? Number(text) : undefined)
  const [columns, rows] = [whole(COLUMNS), whole(LINES)]
  return { ...(columns ? { columns } : {}), ...(rows ? { rows } : {}) }
}

/** Milliseconds: at 300 baud question and answer take one second. */
const deadline = 2_000

/** The cursor is kept, sent further than any terminal reaches, asked for, and put back (DECSC, CUP, DSR 6, DECRC: VT100 User Guide). */
const question = '\x1b7\x1b[999;999H\x1b[6n\x1b8'
const answer = /\x1b\[(\d{1,4});(\d{1,4})R/

/**
 * Asks the terminal itself how large it is, once: where its cursor stops. For serial lines, whose driver knows no size (0x0). What was
 * typed meanwhile is handed back; the answer is none of it. An answer that comes later is passed over by the keys.
 */
export function askSize(): { readonly size?: Size; readonly typed: Buffer } {
  const before = stty('-g')?.trim()
  if (before === undefined) return { typed: Buffer.alloc(0) }
  // A read ends after two tenths of a second without a character.
  stty(...rawModes, 'min', '0', 'time', '2')
  try {
    writeSync(1, question)
    return read()
  } catch {
    return { typed: Buffer.alloc(0) }
  } finally {
    stty(before)
  }
}

function read(): ReturnType<typeof askSize> {
  const end = performance.now() + deadline
  const piece = Buffer.alloc(256)
  let came = ''
  while (performance.now() < end) {
    came += piece.toString('latin1', 0, readSync(0, piece))
    const found = answer.exec(came)
    if (!found) continue
    const [whole, rows, columns] = found
    const size = { columns: Number(columns), rows: Number(rows) }
    return { size, typed: Buffer.from(came.replace(whole, ''), 'latin1') }
  }
  return { typed: Buffer.from(came, 'latin1') }
}
