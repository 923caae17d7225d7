import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Profile, profiles } from '../../src/terminal/profile.ts'
import { styleChanges } from '../../src/terminal/sgr.ts'
import {
  afterSgr,
  backgroundOf,
  blink,
  bold,
  dim,
  foregroundOf,
  graphic,
  inverse,
  italic,
  plain,
  strike,
  styleOf,
  styleOfBlank,
  underline,
} from '../../src/terminal/style.ts'

const xterm = profiles['xterm-256color'] as Profile
const everything = bold | dim | italic | underline | blink | inverse | strike
const full = styleOf(everything, 100, 200)

describe('a control for attributes and colours', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('sets colour %i, and its bright one', (n) => {
    expect(afterSgr(full, `${30 + n}`)).toBe(styleOf(everything, n + 1, 200))
    expect(afterSgr(full, `${90 + n}`)).toBe(styleOf(everything, n + 9, 200))
    expect(afterSgr(full, `${40 + n}`)).toBe(styleOf(everything, 100, n + 1))
    expect(afterSgr(full, `${100 + n}`)).toBe(styleOf(everything, 100, n + 9))
  })

  it.each([
    ['', plain],
    ['0', plain],
    ['39', styleOf(everything, 0, 200)],
    ['49', styleOf(everything, 100, 0)],
    ['22', styleOf(everything & ~bold & ~dim, 100, 200)],
    ['23', styleOf(everything & ~italic, 100, 200)],
    ['24', styleOf(everything & ~underline, 100, 200)],
    ['25', styleOf(everything & ~blink, 100, 200)],
    ['27', styleOf(everything & ~inverse, 100, 200)],
    ['29', styleOf(everything & ~strike, 100, 200)],
    ['0;1;2;3;4;5;7;9', styleOf(everything)],
    ['0;38;5;202;1', styleOf(bold, 203)],
    ['0:48:5:17:1', styleOf(bold, 0, 18)],
    ['0;38;5;256', styleOf(0, 1)],
    ['0;38;5', styleOf(0, 1)],
    ['0;38;2;255;0;51;4', styleOf(underline, 1 + 16 + 36 * 5 + 1)],
    ['0;48;2;26;102;999;4', styleOf(underline, 0, 1 + 16 + 36 + 6 * 2 + 5)],
    ['0;48;2', styleOf(0, 0, 1 + 16)],
    ['38;9;0', plain],
    ['38;9;49', styleOf(everything, 0, 0)],
    ['48', styleOf(everything, 100, 0)],
  ])('%j makes of all at once what it says', (parameters, style) => {
    expect(afterSgr(full, parameters)).toBe(style)
  })

  it('that is unknown changes nothing', () => {
    const known = /^([0-57-9]|2[2-57-9]|[34][0-9]|9[0-7]|10[0-7])$/
    for (let code = 0; code < 200; code++)
      if (!known.test(`${code}`)) expect([code, afterSgr(full, `${code}`)]).toEqual([code, full])
  })
})

describe('a style', () => {
  it('of a blank keeps what is seen where nothing is written', () => {
    expect(styleOfBlank(styleOf(bold | dim | italic | blink | graphic, 3))).toBe(plain)
    expect(styleOfBlank(styleOf(bold | underline | strike, 3, 5))).toBe(styleOf(underline | strike, 0, 5))
    expect(styleOfBlank(styleOf(bold | inverse, 3, 5))).toBe(styleOf(inverse, 3, 5))
  })

  it('holds every colour of the palette', () => {
    for (const colour of [0, 1, 8, 16, 17, 255, 256]) {
      expect(foregroundOf(styleOf(everything, colour, 7))).toBe(colour)
      expect(backgroundOf(styleOf(everything, 7, colour))).toBe(colour)
    }
  })
})

const colours = fc.constantFrom(0, 1, 8, 9, 16, 17, 256)
const styles = fc
  .tuple(fc.nat(255), colours, colours)
  .map(([attributes, front, back]) => styleOf(attributes, front, back))

describe('the change from one style to another', () => {
  it('makes exactly that one of it, in no more bytes than from nothing', () => {
    const changes = Object.values(profiles).map((profile) => [profile, styleChanges(profile)] as const)
    fc.assert(
      fc.property(styles, styles, (from, to) => {
        for (const [{ takesAttributesBack }, change] of changes) {
          const bytes = change(from, to)
          const [, set, , parameters] = /^([\x0e\x0f]?)(\x1b\[([\d;]*)m)?$/.exec(bytes) ?? []
          expect(set).toBe((from & graphic) === (to & graphic) ? '' : to & graphic ? '\x0e' : '\x0f')
          const before = from & ~graphic
          expect(parameters === undefined ? before : afterSgr(before, parameters)).toBe(to & ~graphic)
          if (!takesAttributesBack) expect(bytes).not.toMatch(/[[;]2\d[;m]/)
          // From nothing, with the empty parameter that takes all back.
          expect(bytes.length).toBeLessThanOrEqual(change(plain, to & ~graphic).length + 2 + '\x1b[m'.length)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['xterm-256color', bold, plain, '\x1b[m'],
    ['xterm-256color', plain, bold | inverse, '\x1b[1;7m'],
    ['xterm-256color', bold | inverse, inverse, '\x1b[;7m'],
    [
      'xterm-256color',
      styleOf(bold | underline | inverse, 203),
      styleOf(underline | inverse, 203),
      '\x1b[22m',
    ],
    ['xterm-256color', bold | dim | underline | inverse, dim | underline | inverse, '\x1b[;2;4;7m'],
    ['xterm-256color', styleOf(0, 2, 203), styleOf(0, 0, 203), '\x1b[39m'],
    ['xterm-256color', styleOf(0, 203, 2), styleOf(0, 203), '\x1b[49m'],
    ['xterm-256color', plain, styleOf(0, 16, 9), '\x1b[97;100m'],
    ['xterm-256color', plain, styleOf(0, 17, 256), '\x1b[38;5;16;48;5;255m'],
    ['xterm-256color', graphic | bold, bold, '\x0f'],
    ['xterm-256color', bold, graphic, '\x0e\x1b[m'],
    ['vt100', bold | underline | inverse, underline | inverse, '\x1b[;4;7m'],
    ['vt100', bold, bold | underline, '\x1b[4m'],
    ['vt100', bold, bold, ''],
  ])('on %s from %i to %i is short', (term, from, to, bytes) => {
    expect(styleChanges(profiles[term] as Profile)(from, to)).toBe(bytes)
  })

  it('is the same however many others there were', () => {
    const change = styleChanges(xterm)
    for (let i = 0; i < 10_000; i++) change(i % 256, 255 - (i % 256) + 256 * (i % 90))
    expect(change(bold, plain)).toBe('\x1b[m')
  })
})
