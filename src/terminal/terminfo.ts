import { execFileSync } from 'node:child_process'
import { type Profile, safest } from './profile.ts'
import { blink, bold, dim, inverse, italic, strike, underline } from './style.ts'

type Found =
  | { readonly kind: 'profile'; readonly profile: Profile }
  /** the terminal does not understand the VT100's controls */
  | { readonly kind: 'foreign' }
  /** there is no terminfo, or nothing in it about this terminal */
  | { readonly kind: 'nothing' }

/** Asks the terminfo of this machine by `infocmp`, where it is installed. */
export function fromTerminfo(term: string): Found {
  // The name goes to a command: what is no name of a terminal (term(7)) does not.
  if (!/^[A-Za-z0-9][A-Za-z0-9.+_-]*$/.test(term)) return { kind: 'nothing' }
  try {
    const text = execFileSync('infocmp', ['-1', term], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    })
    return parseTerminfo(term, text)
  } catch {
    return { kind: 'nothing' }
  }
}

/** The answer of `infocmp -1`: a capability a line, `name,`, `name#number,` or `name=text,` (terminfo(5)). */
export function parseTerminfo(term: string, text: string): Found {
  const capabilities = new Map<string, string>()
  for (const line of text.split('\n')) {
    const found = /^\t([A-Za-z0-9_@]+)(?:[#=](.*))?,\s*$/.exec(line)
    if (found?.[1]) capabilities.set(found[1], found[2] ?? '')
  }
  const has = (name: string) => capabilities.has(name)
  // Padding ($<5>) is left to XON/XOFF.
  const is = (name: string, wanted: string) => capabilities.get(name)?.replace(/\$<[^>]*>/g, '') === wanted
  const ansi = is('cup', '\\E[%i%p1%d;%p2%dH') && is('el', '\\E[K') && is('ed', '\\E[J')
  if (!ansi) return { kind: capabilities.size ? 'foreign' : 'nothing' }
  const colours = Number(capabilities.get('colors') ?? 0)
  const attribute = (name: string, bit: number) => (has(name) ? bit : 0)
  const profile: Profile = {
    ...safest,
    name: term,
    colours: colours >= 256 ? 256 : colours >= 16 ? 16 : colours >= 8 ? 8 : 0,
    attributes:
      attribute('bold', bold) |
      attribute('dim', dim) |
      attribute('sitm', italic) |
      attribute('smul', underline) |
      attribute('blink', blink) |
      attribute('rev', inverse) |
      attribute('smxx', strike),
    takesAttributesBack: is('rmul', '\\E[24m') && has('rev'),
    utf8: true,
    hasGraphics: is('smacs', '^N') && (capabilities.get('enacs') ?? '').includes('\\E)0'),
    lines: 'utf8',
    movesByCount:
      is('cuf', '\\E[%p1%dC') &&
      is('cuu', '\\E[%p1%dA') &&
      is('cud', '\\E[%p1%dB') &&
      is('cub', '\\E[%p1%dD'),
    scrolls: is('csr', '\\E[%i%p1%d;%p2%dr') && is('ri', '\\EM'),
    savesPlace: is('sc', '\\E7') && is('rc', '\\E8'),
    setsTabs: is('ht', '^I') && is('hts', '\\EH') && is('tbc', '\\E[3g'),
    erasesInColour: has('bce'),
    erasesCharacters: is('ech', '\\E[%p1%dX'),
    insertsCharacters: is('ich', '\\E[%p1%d@') && is('dch', '\\E[%p1%dP'),
    insertsLines: is('il1', '\\E[L') && is('dl1', '\\E[M'),
    repeats: is('rep', '%p1%c\\E[%p2%{1}%-%db'),
    addressesColumns: is('hpa', '\\E[%i%p1%dG') && is('vpa', '\\E[%i%p1%dd'),
    alternateScreen: capabilities.get('smcup')?.includes('\\E[?1049h') ?? false,
    hidesCursor: is('civis', '\\E[?25l'),
    bracketsPaste: false,
    wrap: has('am') ? (has('xenl') ? 'deferred' : 'immediate') : 'none',
    old: false,
  }
  return { kind: 'profile', profile }
}
