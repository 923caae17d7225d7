/**
 * How a cell looks, as one number: attributes in the lowest bits, then the colours. A colour is 0 for the terminal's own,
 * else 1 + its number in the palette of 256.
 */
export type Style = number

export const plain: Style = 0

export const bold = 1
export const dim = 2
export const italic = 4
export const underline = 8
export const blink = 16
export const inverse = 32
export const strike = 64
/** the character is of the DEC special graphics set (VT100 User Guide, table 3-9) */
export const graphic = 128

const allAttributes = 255
const foregroundShift = 8
const backgroundShift = 17
const colourMask = 0x1ff

export const attributesOf = (style: Style): number => style & allAttributes
export const foregroundOf = (style: Style): number => (style >> foregroundShift) & colourMask
export const backgroundOf = (style: Style): number => (style >> backgroundShift) & colourMask

export function styleOf(attributes: number, foreground = 0, background = 0): Style {
  return attributes | (foreground << foregroundShift) | (background << backgroundShift)
}

/** What is seen of a style where nothing is written: no bold, no foreground. */
const seenOnBlank = inverse | underline | strike

/** A blank looks the same in many styles; this is the one that stands for them all. */
export function styleOfBlank(style: Style): Style {
  return styleOf(
    attributesOf(style) & seenOnBlank,
    style & inverse ? foregroundOf(style) : 0,
    backgroundOf(style),
  )
}

const setAttribute: Readonly<Record<number, number>> = {
  1: bold,
  2: dim,
  3: italic,
  4: underline,
  5: blink,
  7: inverse,
  9: strike,
}
const clearAttribute: Readonly<Record<number, number>> = {
  22: bold | dim,
  23: italic,
  24: underline,
  25: blink,
  27: inverse,
  29: strike,
}

/** The style after a control `CSI parameters m` (ECMA-48, 8.3.117; colours of xterm). What is unknown changes nothing. */
export function afterSgr(style: Style, parameters: string): Style {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number)
  let [attributes, foreground, background] = [attributesOf(style), foregroundOf(style), backgroundOf(style)]
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    if (code === 0) [attributes, foreground, background] = [0, 0, 0]
    else if (setAttribute[code]) attributes |= setAttribute[code]
    else if (clearAttribute[code]) attributes &= ~clearAttribute[code]
    else if (code === 39) foreground = 0
    else if (code === 49) background = 0
    else if (code >= 30 && code <= 37) foreground = code - 29
    else if (code >= 90 && code <= 97) foreground = code - 81
    else if (code >= 40 && code <= 47) background = code - 39
    else if (code >= 100 && code <= 107) background = code - 91
    else if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(codes.slice(i + 1))
      if (code === 38) foreground = colour
      else background = colour
      i += used
    }
  }
  return styleOf(attributes, foreground, background)
}

/** `5;n` of the palette, or `2;r;g;b`, of which the nearest in the colour cube is taken. */
function extendedColour([kind, a = 0, b = 0, c = 0]: readonly number[]): { colour: number; used: number } {
  if (kind === 5) return { colour: 1 + (a & 255), used: 2 }
  if (kind !== 2) return { colour: 0, used: 1 }
  const level = (value: number) => Math.min(5, Math.max(0, Math.round(value / 51)))
  return { colour: 1 + 16 + 36 * level(a) + 6 * level(b) + level(c), used: 4 }
}
