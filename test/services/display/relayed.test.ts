import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, duplexPair, PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveSeveral } from '../../../src/hosts/several.ts'
import { greetings } from '../../../src/services/display/keeper/greeting.ts'
import { RelayedScreen } from '../../../src/services/display/keeper/relayed.ts'
import { serverLink, verdict, viewerLink } from '../../support/spice.ts'

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
    const found = greetings.vnc(bytes)
    expect(typeof found === 'object' ? found.kind : found).toBe(means)
  })
})

describe('the greeting of a SPICE server', () => {
  const cut = serverLink().subarray(0, 100)
  it.each([
    ['lets the viewer in', Buffer.concat([serverLink(), verdict(0)]), 'seen'],
    ['wants a password', Buffer.concat([serverLink(), verdict(7)]), 'screen-locked'],
    ['shows nothing without TLS', serverLink(5), 'screen-locked'],
    ['has another fault', serverLink(4), 'server-failed'],
    ['has another fault, told later', Buffer.concat([serverLink(), verdict(1)]), 'server-failed'],
    ['is another one', Buffer.from('RFB 003.008\n....'), 'server-failed'],
    ['has not come', serverLink().subarray(0, 12), undefined],
    ['has come in part', cut, undefined],
    ['has not said who may look', serverLink(), undefined],
  ])('that %s', (_what, bytes, means) => {
    const found = greetings.spice(bytes)
    expect(typeof found === 'object' ? found.kind : found).toBe(means)
  })
})

describe('the greeting of an RDP server', () => {
  const confirms = [3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0]
  it.each([
    ['goes on', [...confirms, 2, 0, 8, 0, 1, 0, 0, 0], 'seen'],
    ['goes on, in the old way', [3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0], 'seen'],
    ['wants another way', [...confirms, 3, 0, 8, 0, 5, 0, 0, 0], 'server-failed'],
    ['is another one', [...Buffer.from('RFB 003.008\n')], 'server-failed'],
    ['has come in part', [...confirms, 2, 0], undefined],
    ['has not come', [3, 0, 0], undefined],
  ])('that %s', (_what, bytes, means) => {
    const found = greetings.rdp(Buffer.from(bytes))
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
    const screen = await RelayedScreen.open(join(folder, 'screen1'), { protocol: 'vnc', from, to, end })
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

  /** One that is told by SPICE; `far` are the ends of its connections at the machine. */
  async function broughtBySpice() {
    const far: Duplex[] = []
    const served = serveSeveral(async () => {
      const [near, other] = duplexPair()
      far.push(other)
      near.on('close', () => other.destroy())
      return near
    })
    const [from, to] = [new PassThrough(), new PassThrough()]
    served.on('close', () => from.destroy()).pipe(from)
    to.pipe(served)
    const end = () => {
      served.destroy()
      from.destroy()
    }
    const screen = await RelayedScreen.open(join(folder, 'screen1'), { protocol: 'spice', from, to, end })
    const another = async () => {
      const count = far.length
      const viewer = createConnection(screen.path).on('error', () => {})
      await expect.poll(() => far.length).toBe(count + 1)
      return [viewer, far[count] as Duplex] as const
    }
    return { screen, served, connect: another }
  }

  it('has as many connections as SPICE opens, and is seen once the first lets in', async () => {
    const { screen, connect } = await broughtBySpice()
    expect((await stat(screen.path)).mode & 0o777).toBe(0o600)
    const [main, mainFar] = await connect()
    main.write(viewerLink)
    expect((await once(mainFar, 'data'))[0]).toEqual(viewerLink)
    mainFar.write(serverLink())
    expect((await once(main, 'data'))[0]).toEqual(serverLink())
    mainFar.write(verdict(0))
    await screen.seen
    const [inputs, inputsFar] = await connect()
    inputs.write('key')
    expect(String((await once(inputsFar, 'data'))[0])).toBe('key')
    // One that the machine closes is not the end of the others.
    inputsFar.end()
    await once(inputs.resume(), 'close')
    main.destroy()
    await expect.poll(() => mainFar.destroyed).toBe(true)
    expect(screen.isLost).toBe(false)
  })

  it('is lost where the machine ends the first of its connections, or who brought it ends', async () => {
    for (const by of ['machine', 'broker']) {
      const { screen, served, connect } = await broughtBySpice()
      const [main, mainFar] = await connect()
      const [display] = await connect()
      if (by === 'machine') mainFar.end()
      else served.destroy()
      await Promise.all([once(main.resume(), 'close'), once(display.resume(), 'close')])
      expect(screen.isLost).toBe(true)
    }
  })

  it('that asks for a password by SPICE says so', async () => {
    const { screen, connect } = await broughtBySpice()
    const [, far] = await connect()
    far.write(Buffer.concat([serverLink(), verdict(7)]))
    await expect(screen.seen).rejects.toMatchObject({ kind: 'screen-locked' })
    screen.end()
  })
})
