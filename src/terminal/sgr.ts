import type { Profile } from './profile.ts'
import {
  attributesOf,
  backgroundOf,
  blink,
  bold,
  dim,
  foregroundOf,
  graphic,
  inverse,
  italic,
  plain,
  type Style,
  strike,
  underline,
} from './style.ts'

const onCodes: readonly (readonly [bit: number, code: number])[] = [
  [bold, 1],
  [dim, 2],
  [italic, 3],
  [underline, 4],
  [blink, 5],
  [inverse, 7],
  [strike, 9],
]

const offCodes: readonly (readonly [bits: number, code: number])[] = [
  [bold | dim, 22],
  [italic, 23],
  [underline, 24],
  [blink, 25],
  [inverse, 27],
  [strike, 29],
]

/** The codes that a colour takes; `base` is 30 for the foreground, 40 for the background. */
function colourCodes(colour: number, base: 30 | 40): number[] {
  const index = colour - 1
  if (index < 0) return [base + 9]
  if (index < 8) return [base + index]
  if (index < 16) return [base + 52 + index]
  return [base + 8, 5, index]
}

function added(from: Style, to: Style): number[] {
  const more = attributesOf(to) & ~attributesOf(from)
  const codes = onCodes.filter(([bit]) => more & bit).map(([, code]) => code)
  if (foregroundOf(from) !== foregroundOf(to)) codes.push(...colourCodes(foregroundOf(to), 30))
  if (backgroundOf(from) !== backgroundOf(to)) codes.push(...colourCodes(backgroundOf(to), 40))
  return codes
}

/** What is taken back one by one; undefined where that also takes what should stay. */
function takenBack(from: Style, to: Style): number[] | undefined {
  const less = attributesOf(from) & ~attributesOf(to)
  const codes: number[] = []
  for (const [bits, code] of offCodes) {
    if (!(less & bits)) continue
    if (attributesOf(to) & bits) return undefined
    codes.push(code)
  }
  return codes
}

/** The shortest change from one style to another: attributes, colours, character set (SO and SI). */
function change(from: Style, to: Style, profile: Profile): string {
  const set = (from & graphic) === (to & graphic) ? '' : to & graphic ? '\x0e' : '\x0f'
  const [a, b] = [from & ~graphic, to & ~graphic]
  if (a === b) return set
  // An empty parameter is 0, which takes all back.
  const anew = added(plain, b)
  const whole = anew.length ? `\x1b[;${anew.join(';')}m` : '\x1b[m'
  const less = attributesOf(a) & ~attributesOf(b)
  const back = less && !profile.takesAttributesBack ? undefined : takenBack(a, b)
  const partly = back && `\x1b[${[...back, ...added(a, b)].join(';')}m`
  return set + (partly !== undefined && partly.length < whole.length ? partly : whole)
}

/** Changes of style on this terminal; kept, since few different ones occur. */
export function styleChanges(profile: Profile): (from: Style, to: Style) => string {
  const known = new Map<number, string>()
  return (from, to) => {
    if (from === to) return ''
    const key = from * 2 ** 26 + to
    let bytes = known.get(key)
    if (bytes === undefined) {
      if (known.size > 4096) known.clear()
      bytes = change(from, to, profile)
      known.set(key, bytes)
    }
    return bytes
  }
}
