import type { KeyPress } from '../terminal/key-names.ts'
import type { Deed } from './advance.ts'
import type { Page } from './state.ts'

/** What a key does everywhere. */
const everywhere: Readonly<Record<string, Deed>> = {
  return: { is: 'enter' },
  escape: { is: 'back' },
  // As on every other program: away from here. It takes nothing with it.
  'ctrl-c': { is: 'back' },
  f2: { is: 'language' },
}

const onChoices: Readonly<Record<string, Deed>> = {
  up: { is: 'up' },
  down: { is: 'down' },
  backtab: { is: 'up' },
  tab: { is: 'down' },
  right: { is: 'enter' },
  left: { is: 'back' },
  backspace: { is: 'back' },
  ' ': { is: 'enter' },
  0: { is: 'back' },
  c: { is: 'close' },
  delete: { is: 'close' },
  l: { is: 'language' },
  r: { is: 'again' },
  f5: { is: 'again' },
}

const onPassword: Readonly<Record<string, Deed>> = {
  backspace: { is: 'erase' },
  'ctrl-u': { is: 'clear' },
}

/** What the person wants by a key on this page; undefined: it means nothing here. A password may have any letter. */
export function deedOf(press: KeyPress, { at }: Page): Deed | undefined {
  const isPassword = at === 'password'
  if ('paste' in press)
    return isPassword ? { is: 'typed', text: press.paste.replace(/[\r\n].*$/s, '') } : undefined
  const { key } = press
  if (isPassword) {
    if ([...key].length === 1) return { is: 'typed', text: key }
    return onPassword[key] ?? everywhere[key]
  }
  if (/^[1-9]$/.test(key)) return { is: 'choose', number: Number(key) }
  return everywhere[key] ?? onChoices[key] ?? onChoices[key.toLowerCase()]
}
