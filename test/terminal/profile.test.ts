import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chooseProfile } from '../../src/terminal/choose.ts'
import { adjusted, knownProfile, localeIsUtf8, type Profile, profiles } from '../../src/terminal/profile.ts'
import { blink, bold, dim, inverse, italic, strike, underline } from '../../src/terminal/style.ts'
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

  const driven = ['cup=\\E[%i%p1%d;%p2%dH', 'el=\\E[K', 'ed=\\E[J']
  const written = (...capabilities: string[]) =>
    parseTerminfo('x', ['x|a terminal,', ...capabilities.map((one) => `\t${one},`)].join('\n'))

  it.each([
    ['am', { wrap: 'immediate' }, { wrap: 'none' }],
    ['colors#7', { colours: 0 }, { colours: 0 }],
    ['colors#8', { colours: 8 }, { colours: 0 }],
    ['colors#16', { colours: 16 }, { colours: 0 }],
    ['colors#255', { colours: 16 }, { colours: 0 }],
    ['colors#256', { colours: 256 }, { colours: 0 }],
    ['colors#16777216', { colours: 256 }, { colours: 0 }],
    ['bold=\\E[1m', { attributes: bold }, { attributes: 0 }],
    ['dim=\\E[2m', { attributes: dim }, { attributes: 0 }],
    ['sitm=\\E[3m', { attributes: italic }, { attributes: 0 }],
    ['smul=\\E[4m', { attributes: underline }, { attributes: 0 }],
    ['blink=\\E[5m', { attributes: blink }, { attributes: 0 }],
    ['rev=\\E[7m', { attributes: inverse }, { attributes: 0 }],
    ['smxx=\\E[9m', { attributes: strike }, { attributes: 0 }],
    ['bce', { erasesInColour: true }, { erasesInColour: false }],
    ['ech=\\E[%p1%dX', { erasesCharacters: true }, { erasesCharacters: false }],
    ['rep=%p1%c\\E[%p2%{1}%-%db', { repeats: true }, { repeats: false }],
    ['civis=\\E[?25l', { hidesCursor: true }, { hidesCursor: false }],
    ['civis=\\E[?25l$<5>', { hidesCursor: true }, { hidesCursor: false }],
    ['civis=\\E[?25;1l', { hidesCursor: false }, { hidesCursor: false }],
    ['smcup=\\E[?1049h\\E[22;0;0t', { alternateScreen: true }, { alternateScreen: false }],
    ['smcup=\\E[?47h', { alternateScreen: false }, { alternateScreen: false }],
  ])('reads %s, and what is not there', (capability, there, without) => {
    expect(written(...driven, capability)).toMatchObject({ kind: 'profile', profile: there })
    expect(written(...driven)).toMatchObject({ kind: 'profile', profile: without })
  })

  it.each([
    ['takesAttributesBack', 'rmul=\\E[24m', 'rev=\\E[7m'],
    ['hasGraphics', 'smacs=^N', 'enacs=\\E(B\\E)0'],
    ['movesByCount', 'cuf=\\E[%p1%dC', 'cuu=\\E[%p1%dA', 'cud=\\E[%p1%dB', 'cub=\\E[%p1%dD'],
    ['scrolls', 'csr=\\E[%i%p1%d;%p2%dr', 'ri=\\EM'],
    ['savesPlace', 'sc=\\E7', 'rc=\\E8'],
    ['setsTabs', 'ht=^I', 'hts=\\EH', 'tbc=\\E[3g'],
    ['insertsCharacters', 'ich=\\E[%p1%d@', 'dch=\\E[%p1%dP'],
    ['insertsLines', 'il1=\\E[L', 'dl1=\\E[M'],
    ['addressesColumns', 'hpa=\\E[%i%p1%dG', 'vpa=\\E[%i%p1%dd'],
  ])('takes %s for granted only where all is there that it needs', (what, ...capabilities) => {
    expect(written(...driven, ...capabilities)).toMatchObject({ profile: { [what]: true } })
    for (const one of capabilities)
      expect(written(...driven, ...capabilities.filter((other) => other !== one))).toMatchObject({
        profile: { [what]: false },
      })
  })

  it('takes a terminal for one that can be driven by three capabilities', () => {
    expect(written(...driven, 'am', 'xenl')).toMatchObject({ profile: { name: 'x', wrap: 'deferred' } })
    expect(written(...driven, 'xenl')).toMatchObject({ profile: { wrap: 'none' } })
    for (const one of driven) expect(written(...driven.filter((other) => other !== one)).kind).toBe('foreign')
    expect(parseTerminfo('x', `\tel=\\E[K,\nx\ted=\\E[J,\n\tcup, x`)).toEqual({ kind: 'foreign' })
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

  it.each([
    'vt52',
    'vt50h',
    'wyse60',
    'wyse60-vb',
    'wy50',
    'wys5',
    'tvi925',
    'adm3a',
    'hp2621',
    'h19-u',
    'd210',
  ])('refuses a %s, which has other controls', (term) => {
    expect(chooseProfile(term, plainWishes)).toEqual({
      refused: `TERM is "${term}": this terminal does not understand the controls of a VT100`,
    })
  })

  it.each([
    ['vt125', 'vt100'],
    ['vt101', 'vt100'],
    ['vt131', 'vt102'],
    ['vt240-w', 'vt220'],
    ['vt420', 'vt220'],
    ['vt525', 'vt220'],
    ['linux-16color', 'linux'],
    ['foot', 'xterm'],
    ['rxvt-unicode', 'xterm'],
    ['st-256color', 'xterm'],
    ['putty', 'xterm'],
  ])('takes %s for what %s can, unless that repeats or saves its place twice', (term, family) => {
    const { name, colours: _, repeats, savesPlace, ...rest } = knownProfile(term) as Profile
    expect(profiles[family]).toMatchObject(rest)
    expect([name, repeats, savesPlace]).toEqual([term, term === 'foot', term !== 'rxvt-unicode'])
    expect(chooseProfile(term, plainWishes)).toMatchObject({ unknown: false, profile: { name: term } })
  })

  it.each([
    ['xterm', 8],
    ['xterm-256color', 256],
    ['xterm-direct', 256],
    ['foot-extra', 256],
    ['linux-m', 0],
    ['xterm-mono', 0],
    ['xterm-mono2', 8],
    ['alacritty', 256],
    ['vt220-256color', 0],
    ['rxvt-16color', 16],
    ['screen-truecolor', 256],
  ])('of %s tells %i colours by the name', (term, colours) => {
    expect(knownProfile(term)?.colours).toBe(colours)
  })

  it.each(['xvt100', 'my-linux', 'avt220', 'ascreen', 'x-tmux', 'axterm', 'my-putty', 'vt10', 'vt300'])(
    'does not know a %s by its name',
    (term) => {
      expect(knownProfile(term)).toBeUndefined()
    },
  )

  it('leaves out colour where none is wanted, and lines that are not there', () => {
    expect(adjusted(profiles.xterm as Profile, { ...plainWishes, colour: false }).colours).toBe(0)
    expect(adjusted(profiles.xterm as Profile, plainWishes).colours).toBe(8)
    expect(
      adjusted({ ...(profiles.xterm as Profile), hasGraphics: false }, { ...plainWishes, utf8: false }).lines,
    ).toBe('ascii')
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
