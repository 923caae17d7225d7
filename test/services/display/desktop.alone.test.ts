import { expect, it, vi } from 'vitest'
import { say } from '../../../src/hosts/label.ts'
import { LoginRefused } from '../../../src/hosts/login.ts'
import { WantsPassword } from '../../../src/services/display/keeper/connect.ts'
import { Desktop } from '../../../src/services/display/keeper/desktop.ts'
import type { ShowingOptions } from '../../../src/services/display/keeper/shown.ts'
import { type Said, wishSchema } from '../../../src/services/display/opening.ts'

/** A machine that takes passwords, and this one of nobody. */
const tried = vi.hoisted(() => [] as (string | undefined)[])
vi.mock('../../../src/services/display/keeper/connect.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  connectMachine: async (_machine: unknown, { password }: { password?: string }) => {
    tried.push(password)
    throw new WantsPassword(new LoginRefused('web1', say`it lets nobody in`, say``, ['password']), undefined)
  },
}))

it('a password is asked for three times, and no more: somebody may be trying', async () => {
  const said: Said[] = []
  const options = {
    env: { USER: 'anna' },
    opener: {
      wish: wishSchema.parse({ machine: { name: 'web1' } }),
      signal: new AbortController().signal,
      say: (one: Said) => said.push(one),
      // Should it go on, this ends it.
      answer: async () => (said.length > 9 ? { session: 'x' } : { password: `wrong${said.length}` }),
    },
  } as unknown as ShowingOptions
  await expect(new Desktop(options).open()).rejects.toMatchObject({ kind: 'auth' })
  expect(tried).toEqual([undefined, 'wrong2', 'wrong3', 'wrong4'])
  expect(said.slice(1)).toEqual([1, 2, 3].map((attempt) => ({ asks: 'password', attempt, user: 'anna' })))
})
