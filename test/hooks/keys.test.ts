import type { Key } from 'ink'
import { describe, expect, it } from 'vitest'
import { keyName, keysOf } from '../../src/hooks/keys.ts'

const none = { ctrl: false, meta: false, shift: false } as Key

describe('keysOf', () => {
  it('takes a character as it is', () => {
    expect(keysOf('m', none)).toEqual(['m'])
    expect(keysOf('K', { ...none, shift: true })).toEqual(['K'])
    expect(keysOf(' ', none)).toEqual([' '])
    expect(keysOf('ß', none)).toEqual(['ß'])
  })

  it.each([
    ['upArrow', 'up'],
    ['pageDown', 'pagedown'],
    ['home', 'home'],
    ['return', 'return'],
    ['escape', 'escape'],
    ['backspace', 'backspace'],
    ['delete', 'delete'],
    ['tab', 'tab'],
  ] as const)('names %s', (flag, name) => {
    expect(keysOf('', { ...none, [flag]: true })).toEqual([name])
  })

  it('tells Tab from Shift-Tab', () => {
    expect(keysOf('', { ...none, tab: true, shift: true })).toEqual(['backtab'])
  })

  it('names keys with Ctrl', () => {
    expect(keysOf('l', { ...none, ctrl: true })).toEqual(['ctrl-l'])
    expect(keysOf('', { ...none, ctrl: true })).toEqual([])
  })

  it('makes several keys of what was typed ahead', () => {
    expect(keysOf('/web\r:q\r', none)).toEqual(['/', 'w', 'e', 'b', 'return', ':', 'q', 'return'])
    expect(keysOf('a\x7fb\tc\x0c\x03', none)).toEqual(['a', 'backspace', 'b', 'tab', 'c', 'ctrl-l', 'ctrl-c'])
  })

  it('takes nothing that is no key', () => {
    expect(keysOf('x', { ...none, meta: true })).toEqual([])
    expect(keysOf('\x00\x1b\x07', none)).toEqual([])
  })
})

describe('keyName', () => {
  it('is what stands on the key', () => {
    expect(['return', 'escape', ' ', 'pageup', 'ctrl-l', 'm', 'K'].map(keyName)).toEqual([
      'Enter',
      'Esc',
      'Space',
      'PgUp',
      '^L',
      'm',
      'K',
    ])
  })
})
