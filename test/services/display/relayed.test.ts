import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { greetingOf } from '../../../src/services/display/keeper/greeting.ts'
import { RelayedScreen } from '../../../src/services/display/keeper/relayed.ts'

const greeting = (version: string, ...bytes: number[]) =>
  Buffer.concat([Buffer.from(`RFB ${version}\n`), Buffer.from(bytes)])

describe('the greeting of a VNC server', () => {
  it.each([
    ['lets everybody in', greeting('003.008', 1, 1), 'seen'],
    ['lets everybody in, among others', greeting('003.008', 3, 2, 19, 1), 'seen'],
    ['lets everybody in, in the old way', greeting('003.003', 0, 0, 0, 1), 'seen'],
    ['wants a password', greeting('003.008', 1, 2), 'screen-locked'],
    ['wants a password, in the old way', greeting('003.003', 0, 0, 0, 2), 'screen-locked'],
    ['wants nobody', greeting('003.008', 0, 0, 0, 0, 1, 33), 'screen-locked'],
    ['is another one', Buffer.from('SSH-2.0-OpenSSH\r\n'), 'server-failed'],
    ['has not come', Buffer.from('RFB 003.0'), undefined],
    ['has come in part', greeting('003.008', 2, 2), undefined],
    ['has come in part, in the old way', greeting('003.003', 0, 0), undefined],
  ])('that %s', (_what, bytes, means) => {
    const found = greetingOf(bytes)
    expect(typeof found === 'object' ? found.kind : found).toBe(means)
  })
})

describe('a screen that was brought here', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vdd-screen-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function brought() {
    const [from, to] = [new PassThrough(), new PassThrough()]
    let ends = 0
    const end = () => {
      ends++
      from.destroy()
      to.destroy()
    }
    const screen = await RelayedScreen.open(join(folder, 'screen1'), { from, to, end })
    return { from, to, screen, ends: () => ends }
  }

  it('is for its owner alone, and for one viewer, who hears all of it from the beginning', async () => {
    const { from, to, screen } = await brought()
    expect((await stat(screen.path)).mode & 0o777).toBe(0o600)
    from.write(greeting('003.008', 1))
    const viewer = createConnection(screen.path)
    const [first] = await once(viewer, 'data')
    expect(first).toEqual(greeting('003.008', 1))
    from.write(Buffer.of(1))
    await screen.seen
    viewer.write('RFB 003.008\n')
    expect(String((await once(to, 'data'))[0])).toBe('RFB 003.008\n')
    expect(await readdir(folder)).toEqual([])
    const [error] = await once(createConnection(screen.path), 'error')
    expect(error).toMatchObject({ code: 'ENOENT' })
    viewer.destroy()
  })

  it('ends with its viewer, and is not taken for lost', async () => {
    const { from, to, screen, ends } = await brought()
    to.resume()
    const viewer = createConnection(screen.path)
    await once(viewer, 'connect')
    viewer.destroy()
    await once(from, 'close')
    expect([ends(), screen.isLost]).toEqual([1, false])
  })

  it('that ends by itself ends its viewer, and is lost', async () => {
    const { from, screen } = await brought()
    const viewer = createConnection(screen.path).resume()
    await once(viewer, 'connect')
    from.end()
    await once(viewer, 'close')
    expect(screen.isLost).toBe(true)
  })

  it('that asks for a password says so', async () => {
    const { from, screen } = await brought()
    createConnection(screen.path).on('error', () => {})
    from.write(greeting('003.008', 1, 2))
    await expect(screen.seen).rejects.toMatchObject({ kind: 'screen-locked' })
    screen.end()
  })

  it('that ends before it has said who it is shows nothing, and nobody waits for it', async () => {
    const { from, screen } = await brought()
    createConnection(screen.path).on('error', () => {})
    from.end('RFB 003.0')
    await expect(screen.seen).rejects.toMatchObject({ kind: 'server-failed' })
  })

  it('leaves nothing where no viewer comes', async () => {
    const { screen } = await brought()
    screen.end()
    await expect.poll(() => readdir(folder)).toEqual([])
  })
})
