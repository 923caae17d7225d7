import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChannelState, readChannel } from '../channel.ts'
import type { Obeyed, Order } from '../opening.ts'
import { giveOrder } from './control.ts'
import { ChannelFiles } from './files.ts'
import { removeLeftSocket } from './left-socket.ts'
import { isRunning } from './process-mark.ts'

/** Milliseconds between SIGTERM and SIGKILL, and how often it is looked. */
const grace = { polite: 2000, step: 20 }

/** A channel of one's own; undefined: there is none of this id. */
export async function ownChannel(place: string, id: string): Promise<ChannelState | undefined> {
  return readChannel(await readFile(join(place, `${id}.json`), 'utf8').catch(() => ''))
}

/** Gives an order to a channel of one's own. One whose keeper has gone can be closed, nothing else: what is left of it is ended and taken away. */
export async function tellOwn(place: string, channel: ChannelState, order: Order): Promise<Obeyed> {
  const files = new ChannelFiles(place, channel.id)
  if (await isRunning(channel.keeper)) {
    try {
      return await giveOrder(files.control, order)
    } catch (error) {
      // It may have ended by the order before.
      if (await isRunning(channel.keeper))
        return await whyDeaf(channel, order, error as NodeJS.ErrnoException)
      if (order.do === 'close') return { done: true }
    }
  }
  if (order.do !== 'close')
    return { refused: 'its keeper has gone, and with it the session; it can only be closed' }
  if (channel.server) await endProcess(channel.server)
  await removeLeft(channel, files)
  return { done: true }
}

/** A keeper that runs and takes no orders is still opening the channel, or hangs; that it can be ended. */
async function whyDeaf(
  { keeper }: ChannelState,
  order: Order,
  error: NodeJS.ErrnoException,
): Promise<Obeyed> {
  if (order.do === 'close') {
    process.kill(keeper.pid, 'SIGTERM')
    return { done: true }
  }
  return { refused: error.code === 'ENOENT' ? 'it is not open yet' : `its keeper: ${error.message}` }
}

async function endProcess(mark: ChannelState['keeper']): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isRunning(mark))) return
    process.kill(mark.pid, signal)
    const until = performance.now() + grace.polite
    while (performance.now() < until && (await isRunning(mark)))
      await new Promise((go) => setTimeout(go, grace.step))
  }
}

/** Takes away what is left of channels that have gone entirely. */
export async function sweepOwn(place: string): Promise<void> {
  const names = await readdir(place).catch(() => [])
  for (const name of names) {
    const id = /^([a-z2-7]{6})\.json$/.exec(name)?.[1]
    const channel = id === undefined ? undefined : await ownChannel(place, id)
    if (!channel || (await isRunning(channel.keeper))) continue
    if (!channel.server || !(await isRunning(channel.server)))
      await removeLeft(channel, new ChannelFiles(place, channel.id))
  }
}

async function removeLeft({ display }: ChannelState, files: ChannelFiles): Promise<void> {
  if (display !== undefined) await removeLeftSocket(display)
  await files.remove()
}
