import { describe, expect, it } from 'vitest'
import { type Asking, asks, callerOf } from '../../../src/services/display/here/asker.ts'
import type { Listed } from '../../../src/services/display/here/processes.ts'

const asking: Asking = {
  by: 'oper',
  owner: { uid: 1001, name: 'anna' },
  channel: 'abc234',
  controls: false,
}
const line = (text: string) => text.split(' ')

describe('who asks to look', () => {
  it.each([
    ['sudo -n -u anna -- vdd channel look abc234', {}, true],
    ['sudo -n -u #1001 -- /usr/local/bin/vdd channel look abc234', {}, true],
    ['sudo -n -u anna -- vdd channel look abc234 --control', { controls: true }, true],
    ['sudo -n -u anna -- vdd channel look abc234 --control', {}, false],
    ['sudo -n -u anna -- vdd channel look abc234', { controls: true }, false],
    ['sudo -n -u anna -- vdd channel look bcd234', {}, false],
    ['sudo -n -u bruno -- vdd channel look abc234', {}, false],
    ['sudo -n -u anna -- vdd channel tell abc234 say -- look', {}, false],
    ['sudo -u anna vdd channel look abc234', {}, false],
    ['sudo', {}, false],
  ])('is known by the words of sudo: %s', (words, more, is) => {
    expect(asks(line(words), { ...asking, ...more })).toBe(is)
  })

  const processes = (...all: readonly (readonly [pid: number, parent: number, user: string])[]) =>
    new Map(
      all.map(([pid, parent, user]): [number, Listed] => [
        pid,
        {
          pid,
          parent,
          leader: pid,
          uid: user === 'root' ? 0 : 1000,
          user,
          tty: '?',
          name: 'x',
          startedAt: 0,
        },
      ]),
    )

  it('is whoever is above that sudo, and not whom it runs as', () => {
    const all = processes(
      [1, 0, 'root'],
      [10, 1, 'root'],
      [11, 10, 'oper'],
      [12, 11, 'root'],
      [13, 12, 'root'],
    )
    expect(callerOf(13, all)).toBe('oper')
  })

  it('is the person, where their own program calls sudo', () => {
    const all = processes([11, 1, 'oper'], [12, 11, 'root'], [13, 12, 'anna'], [14, 13, 'root'])
    expect(callerOf(14, all)).toBe('anna')
  })

  it('is nobody, where it was left to the first process', () => {
    expect(callerOf(12, processes([1, 0, 'root'], [12, 1, 'root']))).toBeUndefined()
    expect(callerOf(12, processes([12, 13, 'root'], [13, 12, 'root']))).toBeUndefined()
  })
})
