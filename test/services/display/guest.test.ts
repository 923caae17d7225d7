import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelState } from '../../../src/services/display/channel.ts'
import { ChannelFailure } from '../../../src/services/display/keeper/failure.ts'
import { Guest } from '../../../src/services/display/keeper/guest.ts'
import type { ShowingOptions } from '../../../src/services/display/keeper/shown.ts'
import { type FailureKind, wishSchema } from '../../../src/services/display/opening.ts'
import { EmptyScreen } from '../../support/x-server.ts'

/** Shows the unix socket of its last word until that ends, or says `bye`: then somebody has closed it. */
const viewer = `#!/usr/bin/env node
const socket = require('node:net').connect(process.argv.at(-1))
socket.on('data', (bytes) => String(bytes).includes('bye') && process.exit(0))
socket.on('close', () => process.exit(0)).on('error', () => process.exit(1))
`

let folder: string
let terminal: EmptyScreen
let guests: Guest[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vdd-guest-'))
  await mkdir(join(folder, 'bin'))
  await writeFile(join(folder, 'bin/xtigervncviewer'), viewer)
  await chmod(join(folder, 'bin/xtigervncviewer'), 0o755)
  terminal = new EmptyScreen()
})
afterEach(async () => {
  await Promise.all(guests.map((one) => one.end()))
  guests = []
  terminal.close()
  await rm(folder, { recursive: true, force: true })
})

/** The screen of a machine for a terminal; `refusals`: why it is not had the next times. */
function toBeShown(wish: { readonly keep: boolean }, refusals: readonly FailureKind[] = [], display = '') {
  const left = [...refusals]
  const screens: PassThrough[] = []
  const asked: (string | undefined)[][] = []
  const told: Partial<ChannelState>[] = []
  const env = {
    DISPLAY: display,
    PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
  }
  const options = {
    id: 'k7q2mz',
    folder,
    env,
    opener: {
      wish: wishSchema.parse({ machine: { name: 'windows-01' }, system: 'windows', ...wish }),
      signal: new AbortController().signal,
      say: () => {},
    },
    book: {
      state: { terminal: { name: 'term3', display: env.DISPLAY } },
      tell: async (news: Partial<ChannelState>) => void told.push(news),
    },
  } as unknown as ShowingOptions
  const guest = new Guest(options, async (machine, system) => {
    asked.push([machine, system])
    const why = screens.length ? left.shift() : undefined
    if (why) throw new ChannelFailure(why, 'not now')
    const [from, to] = [new PassThrough(), new PassThrough()]
    from.write(Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1)]))
    screens.push(from)
    const end = () => {
      from.destroy()
      to.destroy()
    }
    return { protocol: 'vnc', from, to, end }
  })
  guests.push(guest)
  return { guest, screens, asked, told }
}

async function shown(...[wish, refusals]: Parameters<typeof toBeShown>) {
  const { guest, ...rest } = toBeShown(wish, refusals, await terminal.listen())
  await guest.open()
  let how: string | undefined
  void guest.ended.then((end) => {
    how = end
  })
  return { guest, ...rest, how: () => how }
}

const patience = { timeout: 20_000 }

describe('the screen of a machine', () => {
  it('that is kept goes on where nobody looks any more, and its book says so', async () => {
    const { guest, told, how } = await shown({ keep: true })
    expect(await guest.screen.hide()).toEqual({ done: true })
    await expect.poll(() => told, patience).toEqual([{ terminal: { name: 'term3' } }])
    expect(how()).toBeUndefined()
    expect(await guest.screen.raise()).toHaveProperty('refused')
  })

  it('that is not kept ends with its viewer, and is hidden and locked by nobody', async () => {
    const { guest, screens, told } = await shown({ keep: false })
    expect([await guest.screen.hide(), await guest.lock()]).toEqual([
      { refused: expect.stringContaining('lives on its terminal') },
      { refused: expect.stringContaining('at that machine alone') },
    ])
    screens[0]?.write('bye')
    expect(await guest.ended).toBe('ended')
    expect(told).toEqual([])
  })

  it('that is not kept has lost its terminal, where that is not there any more', async () => {
    const { guest, screens } = await shown({ keep: false })
    terminal.close()
    screens[0]?.write('bye')
    expect(await guest.ended).toBe('terminal-lost')
  })

  it('that ends by itself is looked for where its machine is now, also where that takes a while', async () => {
    const { screens, asked, told, how } = await shown({ keep: false }, ['unreachable'])
    screens[0]?.end()
    await expect.poll(() => screens.length, patience).toBe(2)
    expect(asked).toEqual(Array(3).fill(['windows-01', 'windows']))
    // Meanwhile operators are told why it is not there.
    await expect.poll(() => told, patience).toEqual([{ trouble: 'not now' }, { trouble: undefined }])
    expect(how()).toBeUndefined()
  })

  it('is let go where nothing here can show it', async () => {
    await rm(join(folder, 'bin/xtigervncviewer'))
    const { guest, screens } = toBeShown({ keep: true }, [], await terminal.listen())
    const none = { ...process.env, PATH: join(folder, 'bin') }
    await expect(
      guest.screen.show(none, 'full', { width: 9, height: 9, fills: false }),
    ).rejects.toMatchObject({
      kind: 'no-server',
    })
    expect(screens.map(({ destroyed }) => destroyed)).toEqual([true])
  })

  it('ends where its person may not look at it any more', async () => {
    const { guest, screens, asked } = await shown({ keep: true }, ['not-for-you'])
    screens[0]?.end()
    expect(await guest.ended).toBe('ended')
    expect(asked).toHaveLength(2)
  })
})
