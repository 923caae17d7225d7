import { expect, it } from 'vitest'
import { isBySsh } from '../../../src/services/display/here/by-ssh.ts'
import { terminalOf } from '../../../src/services/display/keeper/viewer.ts'

it.each([
  ['localhost:10.0', true],
  ['localhost:11', true],
  ['127.0.0.1:10.0', true],
  ['[::1]:12.0', true],
  ['localhost:0', false],
  [':10', false],
  ['term3:10.0', false],
  ['', false],
])('a display that an sshd carries: %s is %s', (display, is) => expect(isBySsh(display)).toBe(is))

it('a terminal that went with its ssh connection is told to be looked for elsewhere', async () => {
  const advice = async (DISPLAY: string) =>
    await terminalOf({ DISPLAY, PATH: '/nowhere' }).catch((error: { advice: string }) => error.advice)
  // Nobody listens there.
  expect(await advice('localhost:9999')).toContain('"view" at a terminal')
  expect(await advice('/nowhere')).toContain('is the terminal still there?')
})
