import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { giveOrder, takeOrders } from '../../../src/services/display/here/control.ts'
import type { Obeyed, Order } from '../../../src/services/display/opening.ts'

let folder = ''
let end = () => {}
let obeyed: Order[] = []
const path = () => join(folder, 'control')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-control-'))
  obeyed = []
  const server = await takeOrders(path(), async (order): Promise<Obeyed> => {
    obeyed.push(order)
    if (order.do === 'raise') throw new Error('the terminal is not there')
    return { done: true }
  })
  end = () => server.close()
})
afterEach(() => {
  end()
  rmSync(folder, { recursive: true })
})

async function raw(bytes: string): Promise<unknown> {
  const socket = connect(path())
  socket.end(bytes)
  return JSON.parse(await text(socket))
}

describe('orders to a channel', () => {
  it('are said in time, however little at a time', async () => {
    const slow = join(folder, 'slow')
    const server = await takeOrders(slow, async () => ({ done: true }), 300)
    const socket = connect(slow).on('error', () => {})
    const letters = setInterval(() => socket.write('{'), 20)
    await expect.poll(() => socket.destroyed).toBe(true)
    clearInterval(letters)
    server.close()
  })

  it('are carried out one by one, and answered', async () => {
    expect(await giveOrder(path(), { do: 'close', insist: true })).toEqual({ done: true })
    expect(await giveOrder(path(), { do: 'resize', size: 'full' })).toEqual({ done: true })
    expect(obeyed).toEqual([
      { do: 'close', insist: true },
      { do: 'resize', size: 'full' },
    ])
  })

  it('that fail say why', async () => {
    expect(await giveOrder(path(), { do: 'raise' })).toEqual({ refused: 'the terminal is not there' })
  })

  it.each([
    ['no JSON', 'close\n'],
    ['no order', '{"do":"explode"}\n'],
    ['more than one thing', '{"do":"raise","insist":true}\n'],
    ['a size that no screen has', '{"do":"resize","size":{"width":1e9,"height":1}}\n'],
    ['a cookie that is none', '{"do":"view","display":":0","cookie":"; rm","terminal":"t"}\n'],
    ['a line without end', `${'x'.repeat(10_000)}`],
  ])('are not taken where they are %s', async (_what, bytes) => {
    expect(await raw(bytes)).toEqual({ refused: 'no such order' })
    expect(obeyed).toEqual([])
  })

  it('to a keeper that has gone tell so', async () => {
    end()
    rmSync(path(), { force: true })
    await expect(giveOrder(path(), { do: 'raise' })).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
