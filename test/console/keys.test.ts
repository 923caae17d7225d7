import { describe, expect, it } from 'vitest'
import { keyName } from '../../src/console/keys.ts'

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
