/** How a key is called on the screen and in the docs. */
export function keyName(key: string): string {
  return (
    shown[key] ?? key.replace(/^f(?=\d)/, 'F').replace(/^ctrl-(.)$/, (_, c: string) => `^${c.toUpperCase()}`)
  )
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
  right: 'Right',
  backtab: 'Shift-Tab',
  backspace: 'Bksp',
}
