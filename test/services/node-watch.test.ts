import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Channel, Host } from '../../src/hosts/host.ts'
import { watchNode } from '../../src/services/node-watch.ts'
import { freeze, pass, thaw } from '../support/frozen.ts'

beforeEach(freeze)
afterEach(thaw)

/** A host that only opens what is streamed. */
function streaming() {
  const streams: { readonly words: string; readonly stdout: PassThrough; readonly end: () => void }[] = []
  const stream = async (argv: readonly string[]): Promise<Channel> => {
    const { promise: ended, resolve } = Promise.withResolvers<{ code: number | null }>()
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const kill = () => resolve({ code: 0 })
    streams.push({ words: argv.join(' '), stdout, end: kill })
    return { stdin, stdout, stderr, ended, kill }
  }
  const host = { name: 'kl2', stream } as unknown as Host
  const monitors = () => streams.filter(({ words }) => words === 'ip -o monitor address')
  return { host, monitors }
}

it('looks at once when an address moves that the node may carry, and not at its other ones', async () => {
  const { host, monitors } = streaming()
  let looks = 0
  const watch = watchNode({
    host,
    interval: 60_000,
    now: () => performance.now(),
    look: async (_, { expect: carried }) => {
      looks++
      carried(['10.79.0.120'])
      return {}
    },
    sink: { reading: () => {}, trouble: () => {} },
  })
  watch.start()
  await pass(1_000)
  expect([looks, monitors().length]).toEqual([1, 1])
  monitors()[0]?.stdout.write('2: eth0    inet 10.79.0.12/14 scope global eth0\\       valid_lft forever\n')
  monitors()[0]?.stdout.write('Deleted 3: eth0    inet 110.79.0.120/14 scope global eth0\n')
  await pass(1_000)
  expect(looks).toBe(1)
  // As keepalived 2.2.7 and iproute2 6.1 have it, in two pieces.
  monitors()[0]?.stdout.write('2: eth0    inet 10.79.0.1')
  monitors()[0]?.stdout.write(
    '20/14 scope global secondary eth0\\       valid_lft forever preferred_lft forever\n',
  )
  await pass(1_000)
  expect(looks).toBe(2)
  monitors()[0]?.end()
  await pass(1_000)
  expect(monitors()).toHaveLength(1)
  await pass(70_000)
  // Followed on by the next look.
  expect(monitors()).toHaveLength(2)
  watch.stop()
})
