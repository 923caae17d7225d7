import { once } from 'node:events'
import { type Duplex, duplexPair, PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { Several, serveSeveral } from '../../src/hosts/several.ts'

const ends: Several[] = []
afterEach(() => {
  for (const one of ends.splice(0)) one.end()
})

/** Both sides, as a pipe has them; `far` are the other ends of what was reached. */
function joined(open?: () => Promise<Duplex>) {
  const far: Duplex[] = []
  const nears: Duplex[] = []
  const reach = async () => {
    const [near, other] = duplexPair()
    far.push(other)
    nears.push(near)
    return near
  }
  const served = serveSeveral(open ?? reach)
  const [from, to] = [new PassThrough(), new PassThrough()]
  served.pipe(from)
  to.pipe(served)
  served.on('close', () => from.destroy())
  const several = new Several(from, to)
  ends.push(several)
  return { several, served, far, nears }
}

const heard = async (from: Duplex) => String((await once(from, 'data'))[0])

describe('several connections in one', () => {
  it('are each heard by itself, and end by themselves', async () => {
    const { several, far, nears } = joined()
    const [main, inputs] = [several.open(), several.open()]
    main.write('main')
    await expect.poll(() => far.length).toBe(2)
    expect(await heard(far[0] as Duplex)).toBe('main')
    inputs.write('keys')
    expect(await heard(far[1] as Duplex)).toBe('keys')
    far[0]?.write('picture')
    expect(await heard(main)).toBe('picture')
    far[1]?.end('last words')
    expect(await text(inputs)).toBe('last words')
    main.destroy()
    await expect.poll(() => nears[0]?.destroyed).toBe(true)
  })

  it('do not wait for one that nobody hears', async () => {
    const { several, far } = joined()
    const [slow, quick] = [several.open(), several.open()]
    slow.write('a')
    quick.write('b')
    await expect.poll(() => far.length).toBe(2)
    const full = Buffer.alloc(1 << 16)
    while (far[0]?.write(full));
    for (let i = 0; i < 200; i++) far[0]?.write(full)
    far[1]?.write('there')
    expect(await heard(quick)).toBe('there')
    expect(slow.destroyed).toBe(false)
  })

  it('carry much, unchanged', async () => {
    const { several, far } = joined()
    const one = several.open()
    one.write('x')
    await expect.poll(() => far.length).toBe(1)
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_one, i) => (i * 7) % 251))
    far[0]?.end(bytes)
    const pieces: Buffer[] = []
    for await (const piece of one) pieces.push(piece as Buffer)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  })

  it('end with what carries them', async () => {
    const { several, served, nears } = joined()
    const one = several.open()
    one.write('x')
    await expect.poll(() => nears.length).toBe(1)
    served.destroy()
    await expect.poll(() => [one.destroyed, nears[0]?.destroyed]).toEqual([true, true])
  })

  it('end one that cannot be had, and no other', async () => {
    let isShut = false
    const open = async () => {
      if (isShut) throw new Error('sshd does not connect any further')
      return new PassThrough()
    }
    const { several } = joined(open)
    const first = several.open()
    first.write('echo')
    expect(await heard(first)).toBe('echo')
    isShut = true
    const second = several.open().resume()
    await expect.poll(() => second.destroyed).toBe(true)
    first.write('again')
    expect(await heard(first)).toBe('again')
  })

  it.each([
    ['that speaks otherwise', 'GET / HTTP/1.1\r\n\r\n'],
    [
      'that says nonsense',
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.alloc(64, 255)]),
    ],
  ])('end with somebody %s', async (_who, bytes) => {
    const served = serveSeveral(async () => new PassThrough())
    served.resume().write(bytes)
    await once(served, 'close')
  })

  it('are no more than some at once', async () => {
    const { several, far } = joined()
    const many = Array.from({ length: 40 }, () => several.open().resume())
    for (const one of many) one.write('x')
    await expect.poll(() => many.filter(({ destroyed }) => destroyed).length).toBe(16)
    expect(far).toHaveLength(24)
  })
})
