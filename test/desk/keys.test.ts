import { describe, expect, it } from 'vitest'
import { deedOf } from '../../src/desk/keys.ts'
import type { Page } from '../../src/desk/state.ts'
import { opening } from './support/desk.ts'

const home: Page = { at: 'home' }
const password = opening().happen({
  is: 'said',
  talk: 1,
  said: { asks: 'password', attempt: 1, user: 'anna' },
}).desk.page

const by = (key: string, page: Page = home) => deedOf({ key }, page)

describe('a key', () => {
  it.each([
    ['up', { is: 'up' }],
    ['backtab', { is: 'up' }],
    ['down', { is: 'down' }],
    ['return', { is: 'enter' }],
    ['right', { is: 'enter' }],
    ['1', { is: 'choose', number: 1 }],
    ['9', { is: 'choose', number: 9 }],
    ['0', { is: 'back' }],
    ['escape', { is: 'back' }],
    ['left', { is: 'back' }],
    ['backspace', { is: 'back' }],
    ['ctrl-c', { is: 'back' }],
    ['c', { is: 'close' }],
    ['C', { is: 'close' }],
    ['delete', { is: 'close' }],
    ['l', { is: 'language' }],
    ['L', { is: 'language' }],
    ['f2', { is: 'language' }],
    ['F', undefined],
    ['ctrl-d', undefined],
    ['ctrl-\\', undefined],
    ['f10', undefined],
  ])('%s on a list of choices is %j', (key, deed) => {
    expect(by(key)).toEqual(deed)
  })

  it.each(['1', '0', 'c', 'L', ' ', 'è'])('%s is a letter of a password', (key) => {
    expect(by(key, password)).toEqual({ is: 'typed', text: key })
  })

  it.each([
    ['backspace', { is: 'erase' }],
    ['ctrl-u', { is: 'clear' }],
    ['return', { is: 'enter' }],
    ['escape', { is: 'back' }],
    ['f2', { is: 'language' }],
    ['up', undefined],
    ['left', undefined],
    ['delete', undefined],
  ])('%s where a password is typed is %j', (key, deed) => {
    expect(by(key, password)).toEqual(deed)
  })

  it('that was pasted is a password without what follows its line, and no choice', () => {
    expect(deedOf({ paste: 's3cret\nrm -r x\n' }, password)).toEqual({ is: 'typed', text: 's3cret' })
    expect(deedOf({ paste: '1' }, home)).toBeUndefined()
  })
})
