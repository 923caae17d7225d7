import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chooseProfile } from '../../src/terminal/choose.ts'
import { adjusted, knownProfile, localeIsUtf8, type Profile, profiles } from '../../src/terminal/profile.ts'
import { parseTerminfo } from '../../src/terminal/terminfo.ts'

const recorded = (term: string) =>
  readFileSync(new URL(`../../fixtures/terminfo-6.4/${term}.txt`, import.meta.url), 'utf8')

const read = (term: string): Profile => {
  const found = parseTerminfo(term, recorded(term))
  if (found.kind !== 'profile') throw new Error(found.kind)
  return found.profile
}

const plainWishes = { colour: true, ascii: false, utf8: true }

describe('terminfo', () => {
  it.each(['vt100', 'xterm-256color'])('tells of %s what is known of it', (term) => {
    const {
      utf8: _,
      lines: __,
      old: ___,
      name: ____,
      bracketsPaste: _____,
      attributes: ______,
      hasGraphics: _______,
      ...told
    } = read(term)
    expect(profiles[term]).toMatchObject({ ...told })
  })

  it('tells what a terminal lacks', () => {
    expect(read('ansi')).toMatchObject({ colours: 8, scrolls: false, movesByCount: true, wrap: 'immediate' })
    expect(read('sun')).toMatchObject({ colours: 0, scrolls: false, movesByCount: false, wrap: 'immediate' })
    expect(read('cygwin')).toMatchObject({ alternateScreen: false, takesAttributesBack: true })
    expect(read('rxvt-unicode-256color')).toMatchObject({
      colours: 256,
      alternateScreen: true,
      wrap: 'deferred',
    })
  })

  it('tells of a terminal with other controls that it cannot be driven', () => {
    expect(parseTerminfo('vt52', recorded('vt52'))).toEqual({ kind: 'foreign' })
  })

  it('tells nothing where there is nothing', () => {
    for (const text of ['', 'infocmp: no such file', '\x00\x01'])
      expect(parseTerminfo('x', text)).toEqual({ kind: 'nothing' })
  })
})

describe('the choice of a profile', () => {
  it.each([
    ['vt100', 'vt100', 0],
    ['vt102', 'vt102', 0],
    ['vt320', 'vt220', 0],
    ['xterm', 'xterm', 8],
    ['xterm-16color', 'xterm', 16],
    ['xterm-kitty', 'xterm', 256],
    ['xterm-mono', 'xterm', 0],
    ['screen.xterm-256color', 'screen', 256],
    ['tmux-256color', 'tmux', 256],
  ] as const)('takes %s for a %s with %i colours', (term, family, colours) => {
    const { name: _, colours: __, ...rest } = profiles[family] as Profile
    expect(knownProfile(term)).toMatchObject({ ...rest, colours })
  })

  it.each([undefined, '', 'dumb'])('refuses %j', (term) => {
    expect(chooseProfile(term, plainWishes)).toHaveProperty('refused')
  })

  it('takes the least that every terminal has where nothing is known, and says so', () => {
    for (const term of [
      'no-such-terminal',
      '$(reboot)',
      '../../etc/passwd',
      '-V',
      'constructor',
      '__proto__',
    ])
      expect(chooseProfile(term, plainWishes)).toMatchObject({
        unknown: true,
        profile: { scrolls: false, colours: 0, lines: 'ascii', alternateScreen: false },
      })
  })

  it('draws lines by the locale, and in ASCII where that is wanted', () => {
    const xterm = profiles.xterm as Profile
    expect(adjusted(xterm, plainWishes)).toMatchObject({ utf8: true, lines: 'utf8' })
    expect(adjusted(xterm, { ...plainWishes, utf8: false })).toMatchObject({ utf8: false, lines: 'dec' })
    expect(adjusted(xterm, { ...plainWishes, ascii: true })).toMatchObject({ utf8: true, lines: 'ascii' })
    expect(adjusted(profiles.vt100 as Profile, plainWishes)).toMatchObject({ utf8: false, lines: 'dec' })
  })

  it('knows the locale by the variable that counts', () => {
    expect(localeIsUtf8({ LANG: 'de_DE.UTF-8' })).toBe(true)
    expect(localeIsUtf8({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toBe(false)
    expect(localeIsUtf8({ LC_ALL: '', LC_CTYPE: 'C.utf8' })).toBe(true)
    expect(localeIsUtf8({})).toBe(false)
  })
})
