import type { Key } from 'ink'

/**
 * A key as the console knows it: a character as it is (`m`, `K`, `/`, ` `), or a name (`up`, `return`, `escape`, `backspace`,
 * `pagedown`, `ctrl-l`, …). What a chunk of input holds comes as several keys, so that typing ahead loses nothing.
 */
export function keysOf(input: string, key: Key): string[] {
  const name = names.find(([test]) => key[test])?.[1]
  if (name) return [name === 'tab' && key.shift ? 'backtab' : name]
  if (key.ctrl) return input.length === 1 ? [`ctrl-${input}`] : []
  if (key.meta) return []
  return [...input].flatMap(
    (character) => controls[character] ?? (character >= ' ' && character !== '\x7f' ? [character] : []),
  )
}

const names = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'return'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[]

/** Control characters inside a chunk of typed text. */
const controls: Record<string, string[]> = {
  '\r': ['return'],
  '\n': ['return'],
  '\t': ['tab'],
  '\x7f': ['backspace'],
  '\b': ['backspace'],
  '\x0c': ['ctrl-l'],
  '\x03': ['ctrl-c'],
}

/** How a key is called on the screen and in the docs. */
export function keyName(key: string): string {
  return shown[key] ?? key.replace(/^ctrl-(.)$/, (_, c: string) => `^${c.toUpperCase()}`)
}

const shown: Record<string, string> = {
  return: 'Enter',
  escape: 'Esc',
  ' ': 'Space',
  up: 'Up',
  down: 'Down',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  tab: 'Tab',
  left: 'Left',
  backspace: 'Bksp',
}
