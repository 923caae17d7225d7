import { asciiKey, ignored, type KeyPress, sequenceKey, ss3Key } from './key-names.ts'

/** How long an unfinished sequence is waited for, in milliseconds. */
export interface KeyTimes {
  /** after Esc alone: a person waits for the answer */
  readonly escape: number
  /** after the beginning of a sequence, which nobody types */
  readonly sequence: number
  /** within a pasted text of which the end has not come */
  readonly paste: number
}

/** At 300 baud a character takes 33 ms, and over a bad link the next one may be late. */
export const usualTimes: KeyTimes = { escape: 150, sequence: 600, paste: 2000 }

const esc = 0x1b
const pasteEnd = '\x1b[201~'
/** `ESC P`, `ESC ]`, `ESC ^`, `ESC _`, `ESC X`: DCS, OSC, PM, APC, SOS (ECMA-48, 5.6). */
const stringControls: ReadonlySet<number> = new Set([0x50, 0x5d, 0x5e, 0x5f, 0x58])
/** What is no longer than this was typed, Esc first, and is no string control without an end. */
const mostTyped = 8
/** The most bytes of a string control; more is noise. */
const longestString = 4096
/** The most bytes of a pasted text. */
const longestPaste = 1 << 20

/** The number of bytes that are done with, and the key in them; none: they are no key. */
interface Taken {
  readonly used: number
  readonly press?: KeyPress
}

/**
 * From bytes to keys. What is unfinished is kept for the next bytes; after `wait` milliseconds without any, `giveUp` is to be called.
 * What makes no sense (noise on the line, answers of a terminal that nobody asked) is passed over.
 */
export class KeyDecoder {
  readonly #times: KeyTimes
  #rest: Buffer = Buffer.alloc(0)
  #paste: Buffer[] | undefined
  /** a string control that was longer than any is dropped up to its end */
  #dropsString = false
  /** a paste went quiet before its end: what comes in one piece may be the rest of it */
  #lostPaste = false

  constructor(times: KeyTimes = usualTimes) {
    this.#times = times
  }

  /** How long to wait for what is unfinished, in milliseconds; undefined: nothing is. */
  get wait(): number | undefined {
    if (this.#paste) return this.#times.paste
    if (this.#dropsString) return this.#times.sequence
    if (!this.#rest.length) return undefined
    return this.#rest.length === 1 && this.#rest[0] === esc ? this.#times.escape : this.#times.sequence
  }

  feed(bytes: Uint8Array): KeyPress[] {
    const kept = this.#paste ? bytes : bytes.filter((byte) => !ignored.has(byte))
    this.#rest = Buffer.concat([this.#rest, kept])
    if (this.#lostPaste) this.#dropRestOfPaste()
    const found: KeyPress[] = []
    while (this.#rest.length) {
      const one = this.#paste ? this.#pasted() : this.#dropsString ? this.#dropped() : this.#next()
      if (!one?.used) break
      this.#rest = this.#rest.subarray(one.used)
      if (one.press) found.push(one.press)
    }
    return found
  }

  /** Nothing more has come: Esc is Esc, Meta is Meta, a paste ends, and the beginning of anything else is noise. */
  giveUp(): KeyPress[] {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    if (this.#dropsString) {
      this.#dropsString = false
      return []
    }
    if (this.#paste) {
      this.#lostPaste = true
      const text = Buffer.concat([...this.#paste, rest]).toString('utf8')
      this.#paste = undefined
      return [{ paste: text }]
    }
    const [first, second = 0] = rest
    if (first !== esc) return []
    if (rest.length === 1) return [{ key: 'escape' }]
    if (!stringControls.has(second) || rest.length > mostTyped) return []
    const typed = [{ key: `meta-${String.fromCharCode(second)}` }, ...this.feed(rest.subarray(2))]
    // What is unfinished in that is not begun anew by the next key.
    return this.#rest.length ? [...typed, ...this.giveUp()] : typed
  }

  /** The first key of what is left; undefined: it is unfinished. */
  #next(): Taken | undefined {
    const [first = 0, second] = this.#rest
    if (first === esc) {
      if (second === undefined) return undefined
      if (second === 0x5b) return this.#sequence(2)
      if (second === 0x4f) return this.#single(2)
      if (second === esc) return { used: 1, press: { key: 'escape' } }
      if (stringControls.has(second)) return this.#string()
      return this.#meta()
    }
    // Control characters of eight bits, which are no beginning of a character in UTF-8.
    if (first === 0x9b) return this.#sequence(1)
    if (first === 0xc2 && second === 0x9b) return this.#sequence(2)
    if (first === 0xc2 && second === 0x8f) return this.#single(2)
    if (first === 0x8f) return this.#single(1)
    return this.#character(0)
  }

  /** `CSI parameters intermediates final` (ECMA-48, 5.4). */
  #sequence(from: number): Taken | undefined {
    let at = from
    // The Linux console sends F1 to F5 as `CSI [ A` to `CSI [ E`.
    if (this.#rest[at] === 0x5b) {
      const letter = this.#rest[at + 1]
      if (letter === undefined) return undefined
      const number = letter - 0x40
      return number >= 1 && number <= 5 ? { used: at + 2, press: { key: `f${number}` } } : { used: at + 1 }
    }
    while (at < this.#rest.length) {
      const byte = this.#rest[at] ?? 0
      if (byte >= 0x40 && byte <= 0x7e) break
      // What can stand in no sequence ends it; it is looked at by itself.
      if (byte < 0x20 || byte > 0x7e) return { used: at }
      at++
    }
    if (at >= this.#rest.length) return at - from > longestString ? { used: at } : undefined
    const parameters = this.#rest.toString('latin1', from, at)
    const final = String.fromCharCode(this.#rest[at] ?? 0)
    const used = at + 1
    if (final === '~' && parameters === '200') {
      this.#paste = []
      return { used }
    }
    // The oldest report of a mouse has three bytes more.
    if (final === 'M' && parameters === '') return at + 4 <= this.#rest.length ? { used: at + 4 } : undefined
    const press = sequenceKey(parameters, final)
    return press ? { used, press } : { used }
  }

  /** A string control up to its end: the answer to a question that another program asked. Nothing of it is a key. */
  #string(): Taken | undefined {
    const text = this.#rest.toString('latin1', 2, longestString)
    const end = /\x07|\x1b\\/.exec(text)
    if (end) return { used: 2 + end.index + end[0].length }
    if (this.#rest.length < longestString) return undefined
    this.#dropsString = true
    return this.#dropped()
  }

  #dropped(): Taken {
    const end = /\x07|\x1b\\/.exec(this.#rest.toString('latin1'))
    if (end) {
      this.#dropsString = false
      return { used: end.index + end[0].length }
    }
    // Its end may have come in part.
    return { used: this.#rest.length - (this.#rest.at(-1) === esc ? 1 : 0) }
  }

  /** Nobody types several characters at once: up to the end of the paste they belong to it. One key is a person again. */
  #dropRestOfPaste(): void {
    const end = this.#rest.indexOf(pasteEnd)
    // A key, or a sequence: the next paste too.
    const isTyped = this.#rest.length === 1 || (this.#rest[0] === esc && end !== 0)
    if (!isTyped) this.#rest = end < 0 ? Buffer.alloc(0) : this.#rest.subarray(end + pasteEnd.length)
    if (end >= 0 || isTyped) this.#lostPaste = false
  }

  /** `SS3 final`; xterm may put the number of a modifier before it. */
  #single(from: number): Taken | undefined {
    let at = from
    while (at - from < 3 && (this.#rest[at] ?? 0) >= 0x30 && (this.#rest[at] ?? 0) <= 0x3b) at++
    const byte = this.#rest[at]
    if (byte === undefined) return undefined
    const final = String.fromCharCode(byte)
    const key = ss3Key(final)
    if (key) return { used: at + 1, press: { key } }
    return byte >= 0x20 && byte <= 0x7e ? { used: at + 1 } : { used: at }
  }

  #meta(): Taken | undefined {
    const one = this.#character(1)
    if (!one?.press || !('key' in one.press)) return one
    return { used: one.used, press: { key: `meta-${one.press.key}` } }
  }

  /** A character in UTF-8, or a control character. */
  #character(from: number): Taken | undefined {
    const first = this.#rest[from] ?? 0
    if (first < 0x80) return this.#ascii(first, from + 1)
    const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
    if (!length || first >= 0xf5) return { used: from + 1 }
    for (let i = 1; i < length; i++) {
      const byte = this.#rest[from + i]
      if (byte === undefined) return undefined
      if (byte < 0x80 || byte > 0xbf) return { used: from + i }
    }
    const character = this.#rest.toString('utf8', from, from + length)
    const used = from + length
    // C1 in UTF-8 and what could not be read are no characters.
    return character >= '\xa0' && character !== '\ufffd' ? { used, press: { key: character } } : { used }
  }

  #ascii(code: number, used: number): Taken {
    const key = asciiKey(code)
    return key === undefined ? { used } : { used, press: { key } }
  }

  #pasted(): Taken | undefined {
    const end = this.#rest.indexOf(pasteEnd)
    if (end < 0) {
      // The end may have come in part.
      const whole = Math.max(0, this.#rest.length - pasteEnd.length)
      const size = this.#paste?.reduce((sum, { length }) => sum + length, 0) ?? 0
      if (size < longestPaste) this.#paste?.push(this.#rest.subarray(0, whole))
      return whole ? { used: whole } : undefined
    }
    const text = Buffer.concat([...(this.#paste ?? []), this.#rest.subarray(0, end)]).toString('utf8')
    this.#paste = undefined
    return { used: end + pasteEnd.length, press: { paste: text } }
  }
}
