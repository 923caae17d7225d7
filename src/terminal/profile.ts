import { blink, bold, dim, inverse, italic, strike, underline } from './style.ts'

/** What a terminal can do, as far as it matters here. Every terminal that is driven understands CUP, EL, ED and SGR as ECMA-48 has them. */
export interface Profile {
  readonly name: string
  /** how many colours; 0: none */
  readonly colours: 0 | 8 | 16 | 256
  /** the attributes that it shows (see `style.ts`); others are left out */
  readonly attributes: number
  /** attributes can be taken back one by one (SGR 22 to 29), which a VT100 cannot */
  readonly takesAttributesBack: boolean
  /** it shows text in UTF-8; else ASCII */
  readonly utf8: boolean
  /** the set G1 can be that of the DEC graphics, selected by SO and SI */
  readonly hasGraphics: boolean
  /** how lines are drawn */
  readonly lines: 'utf8' | 'dec' | 'ascii'
  /** CUU, CUD, CUF and CUB: cursor motion by a count */
  readonly movesByCount: boolean
  /** DECSTBM, IND and RI: parts of the screen scroll */
  readonly scrolls: boolean
  /** DECSC and DECRC: a place is saved, with the style there, and come back to */
  readonly savesPlace: boolean
  /** HTS and TBC: tab stops can be set anywhere */
  readonly setsTabs: boolean
  /** erased cells take the background colour (terminfo `bce`) */
  readonly erasesInColour: boolean
  /** ECH, a VT220's */
  readonly erasesCharacters: boolean
  /** ICH and DCH, a VT220's: the rest of a row moves */
  readonly insertsCharacters: boolean
  /** IL and DL, a VT102's */
  readonly insertsLines: boolean
  /** REP, xterm's */
  readonly repeats: boolean
  /** CHA and VPA */
  readonly addressesColumns: boolean
  /** a second screen (xterm's 1049), which leaves what stood there untouched */
  readonly alternateScreen: boolean
  /** DECTCEM, a VT220's */
  readonly hidesCursor: boolean
  /** pasted text comes between `CSI 200~` and `CSI 201~` */
  readonly bracketsPaste: boolean
  /**
   * After a character in the last column the cursor stays on it until the next character (`deferred`, terminfo `xenl`), goes to the next
   * line at once, which scrolls at the lower right corner (`immediate`), or stays there (`none`).
   */
  readonly wrap: 'deferred' | 'immediate' | 'none'
  /** the keyboard's line is of a terminal that is never fast */
  readonly old: boolean
}

const vt100: Profile = {
  name: 'vt100',
  colours: 0,
  attributes: bold | underline | blink | inverse,
  takesAttributesBack: false,
  utf8: false,
  hasGraphics: true,
  lines: 'dec',
  movesByCount: true,
  scrolls: true,
  savesPlace: true,
  setsTabs: true,
  erasesInColour: false,
  erasesCharacters: false,
  insertsCharacters: false,
  insertsLines: false,
  repeats: false,
  addressesColumns: false,
  alternateScreen: false,
  hidesCursor: false,
  bracketsPaste: false,
  wrap: 'deferred',
  old: true,
}

const vt102: Profile = { ...vt100, name: 'vt102', insertsLines: true }

const vt220: Profile = {
  ...vt102,
  name: 'vt220',
  takesAttributesBack: true,
  erasesCharacters: true,
  insertsCharacters: true,
  hidesCursor: true,
}

const linux: Profile = {
  ...vt220,
  name: 'linux',
  colours: 8,
  utf8: true,
  lines: 'utf8',
  erasesInColour: true,
  addressesColumns: true,
  old: false,
}

const xterm: Profile = {
  ...linux,
  name: 'xterm',
  attributes: bold | dim | italic | underline | blink | inverse | strike,
  repeats: true,
  alternateScreen: true,
  bracketsPaste: true,
}

const xterm256: Profile = { ...xterm, name: 'xterm-256color', colours: 256 }

// Inside a multiplexer the terminal is the multiplexer: it repeats nothing and erases without colour (terminfo).
const screen: Profile = {
  ...xterm,
  name: 'screen',
  attributes: bold | dim | underline | blink | inverse,
  repeats: false,
  erasesInColour: false,
  bracketsPaste: false,
}

const tmux: Profile = { ...screen, name: 'tmux', attributes: xterm.attributes, bracketsPaste: true }

/** The least that is taken for granted of a terminal of which nothing is known. */
export const safest: Profile = {
  ...vt100,
  name: 'unknown',
  attributes: bold | underline | inverse,
  hasGraphics: false,
  lines: 'ascii',
  movesByCount: false,
  scrolls: false,
  savesPlace: false,
  setsTabs: false,
  wrap: 'immediate',
}

export const profiles: Readonly<Record<string, Profile>> = {
  vt100,
  vt102,
  vt220,
  linux,
  xterm,
  'xterm-256color': xterm256,
  screen,
  tmux,
}

/** Names by which the terminals above are known too, or those that do all that they do. */
const families: readonly (readonly [RegExp, Profile])[] = [
  [/^vt100|^vt101$|^vt125/, vt100],
  [/^vt102|^vt131/, vt102],
  [/^vt(220|240|320|340|4\d\d|5\d\d)/, vt220],
  [/^linux/, linux],
  [/^tmux/, tmux],
  [/^screen/, screen],
  [/^(xterm|foot)/, xterm],
  // Its second screen may save the cursor where DECSC does: on leaving it would come back to a place of ours.
  [/^rxvt/, { ...xterm, repeats: false, savesPlace: false }],
  // Not all of them repeat (terminfo).
  [/^(alacritty|kitty|konsole|gnome|st-|vte|putty)/, { ...xterm, repeats: false }],
]

/** The profile of a TERM; `undefined`: not known by name. */
export function knownProfile(term: string): Profile | undefined {
  const exact = Object.hasOwn(profiles, term) ? profiles[term] : undefined
  if (exact) return exact
  const family = families.find(([names]) => names.test(term))?.[1]
  if (!family) return undefined
  return { ...family, name: term, colours: coloursOf(term, family) }
}

/** The end of a name tells the colours, as in terminfo. */
function coloursOf(term: string, { colours }: Profile): Profile['colours'] {
  if (!colours) return 0
  if (/256color|direct|truecolor|kitty|alacritty|foot/.test(term)) return 256
  if (/16color/.test(term)) return 16
  return /-m(ono)?$/.test(term) ? 0 : colours
}

export interface Wishes {
  /** no colour is wanted (`--no-color`, `NO_COLOR`) */
  readonly colour: boolean
  /** lines are drawn in ASCII (`--ascii`) */
  readonly ascii: boolean
  /** the locale's character set is UTF-8 */
  readonly utf8: boolean
}

/** The profile as the person wants it. A terminal of old shows no UTF-8, whatever the locale says. */
export function adjusted(profile: Profile, { colour, ascii, utf8 }: Wishes): Profile {
  const speaksUtf8 = profile.utf8 && utf8
  const withoutUtf8 = profile.hasGraphics ? 'dec' : 'ascii'
  const lines = profile.lines === 'utf8' && !utf8 ? withoutUtf8 : profile.lines
  return {
    ...profile,
    colours: colour ? profile.colours : 0,
    utf8: speaksUtf8,
    lines: ascii ? 'ascii' : lines,
  }
}

/** Whether the environment's locale is one of UTF-8 (setlocale(3): the first that is set of these). */
export function localeIsUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
}
