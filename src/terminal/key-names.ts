/**
 * A key: a character as it is (`m`, `/`, ` `), or a name: `up`, `pagedown`, `return`, `escape`, `f1` to `f20`, `ctrl-l`, `meta-x`, …
 * Text that was pasted comes whole.
 */
export type KeyPress = { readonly key: string } | { readonly paste: string }

/** `CSI x` and `SS3 x` (VT100 User Guide; xterm's ctlseqs; console_codes(4)). */
const byLetter: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'backtab',
}

/** `SS3 x` of the keypad in application mode. */
const keypad: Readonly<Record<string, string>> = {
  M: 'return',
  I: 'tab',
  ' ': ' ',
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  ...Object.fromEntries([...'0123456789'].map((digit, i) => [String.fromCharCode(0x70 + i), digit])),
}

/** `CSI n ~`; a VT220's Find, Insert, Remove, Select, Prev and Next are the keys that came to be called as here. */
const byNumber: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
  25: 'f13',
  26: 'f14',
  28: 'f15',
  29: 'f16',
  31: 'f17',
  32: 'f18',
  33: 'f19',
  34: 'f20',
}

const controls: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  10: 'return',
  13: 'return',
  127: 'backspace',
}

/** XON and XOFF are for the line, and NUL fills time. */
export const ignored: ReadonlySet<number> = new Set([0, 0x11, 0x13])

/** The most characters of the parameters of a sequence; more is noise. */
const longest = 32

/** The key of a character of ASCII; undefined: it is none. */
export function asciiKey(code: number): string | undefined {
  if (code >= 0x20 && code !== 0x7f) return String.fromCharCode(code)
  // ^\ ^] ^^ ^_ have no letter.
  return controls[code] ?? (code > 26 ? undefined : `ctrl-${String.fromCharCode(code + 0x60)}`)
}

/** The key of `SS3 final`; undefined: it is none. */
export function ss3Key(final: string): string | undefined {
  return byLetter[final] ?? keypad[final]
}

/**
 * The key of `CSI parameters final`; undefined: it is none. Modifiers are as xterm numbers them: 1 + Shift 1, Alt 2,
 * Ctrl 4; behind them, with a colon, kitty tells that a key was let go (3).
 */
export function sequenceKey(parameters: string, final: string): KeyPress | undefined {
  if (/[^0-9;:]/.test(parameters) || parameters.length > longest) return undefined
  const [codes = [], modifiers = [], text = []] = parameters
    .split(';')
    .map((part) => part.split(':').map((number) => (number ? Number(number) : undefined)))
  const [first = 0, shifted] = codes
  const [modifier = 1, happened] = modifiers
  if (happened === 3) return undefined
  const held = Math.max(0, modifier - 1) & 7
  // Of programs that left these modes on: the keyboard protocol of kitty, and xterm's modifyOtherKeys.
  if (final === 'u') return characterKey(text[0] ?? first, held, shifted)
  if (final === '~' && first === 27) return characterKey(text[0] ?? 0, held)
  const name = final === '~' ? byNumber[first] : byLetter[final]
  if (!name) return undefined
  // `CSI n ; m R` is also how a terminal tells where its cursor is.
  if (final === 'R' && first > 1) return undefined
  return namedKey(name, held)
}

function namedKey(name: string, held: number): KeyPress {
  if (!held) return { key: name }
  if (name === 'tab' && held & 1) return { key: 'backtab' }
  const function_ = /^f(\d+)$/.exec(name)
  // Shift and F1 to F8 stand for F13 to F20 on a keyboard that has no more than twelve (terminfo of xterm).
  if (function_ && held === 1 && Number(function_[1]) <= 8) return { key: `f${Number(function_[1]) + 12}` }
  return { key: held & 4 ? `ctrl-${name}` : held & 2 ? `meta-${name}` : name }
}

/** Codes of the keypad and of F13 to F20 in kitty's protocol; all other keys without a character have the sequences of always. */
const kittyKeys: Readonly<Record<number, string>> = {
  ...Object.fromEntries(
    [...'0123456789.', '/', '*', '-', '+', 'return', '=', ','].map((key, i) => [57399 + i, key]),
  ),
  ...Object.fromEntries(
    ['left', 'right', 'up', 'down', 'pageup', 'pagedown', 'home', 'end', 'insert', 'delete', 'begin'].map(
      (key, i) => [57417 + i, key],
    ),
  ),
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [57376 + i, `f${13 + i}`])),
}

/**
 * A key by the code of its character and what is held, as it is without such a mode (`Ctrl-I` is Tab).
 *
 * @param shifted the character of the key with Shift, where the terminal tells it
 */
function characterKey(code: number, held: number, shifted?: number): KeyPress | undefined {
  const known = kittyKeys[code]
  if (known) return namedKey(known, held)
  // Surrogates, private use, where kitty has the keys without a character, and controls are no characters.
  if ((code >= 0xd800 && code < 0xf900) || (code >= 0x80 && code < 0xa0)) return undefined
  if (code === 27) return { key: 'escape' }
  const name = controls[code]
  if (name) return namedKey(name, held)
  if (code < 0x20) return undefined
  const shift = held & 1 && code >= 0x61 && code <= 0x7a ? code - 0x20 : code
  const typed = held & 1 ? (shifted ?? shift) : code
  if (typed > 0x10ffff) return undefined
  if (!(held & 4)) return withMeta(String.fromCodePoint(typed), held)
  // What the keyboard sends with Ctrl held: as a VT100, by the low bits of the letter.
  const control = code < 0x80 ? (code === 0x20 || code >= 0x40 ? code & 0x1f : undefined) : undefined
  if (control === undefined || ignored.has(control)) return undefined
  const key = control === 27 ? 'escape' : asciiKey(control)
  return key === undefined ? undefined : withMeta(key, held)
}

function withMeta(key: string, held: number): KeyPress {
  return { key: held & 2 ? `meta-${key}` : key }
}
