import { readdir, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type ChannelState, readChannel } from '../channel.ts'
import type { Obeyed, Order } from '../opening.ts'
import { giveOrder } from './control.ts'
import { ChannelFiles } from './files.ts'
import { removeLeftSocket } from './left-socket.ts'
import { type TellLost, tellIfLost } from './lost.ts'
import { isRunningAs } from './process-mark.ts'

/** Milliseconds between SIGTERM and SIGKILL, and how often it is looked. */
const grace = { polite: 2000, step: 20 }

/** Whether this very process runs, and is one's own: a record may name any. */
async function isOwn(mark: ChannelState['keeper']): Promise<boolean> {
  return await isRunningAs(userInfo().uid, mark)
}

/** A channel of one's own; undefined: there is none of this id. */
export async function ownChannel(place: string, id: string): Promise<ChannelState | undefined> {
  return readChannel(await readFile(join(place, `${id}.json`), 'utf8').catch(() => ''))
}

/**
 * Gives an order to a channel of one's own. One whose keeper has gone can be closed, nothing else: what is left of it is ended and taken away.
 *
 * @param lost is told of such a one before
 */
export async function tellOwn(
  place: string,
  channel: ChannelState,
  order: Order,
  lost?: TellLost,
): Promise<Obeyed> {
  const files = new ChannelFiles(place, channel.id)
  if (await isOwn(channel.keeper)) {
    try {
      return await giveOrder(files.control, order)
    } catch (error) {
      // It may have ended by the order before.
      if (await isOwn(channel.keeper)) return await whyDeaf(channel, order, error as NodeJS.ErrnoException)
      if (order.do === 'close') return { done: true }
    }
  }
  if (order.do !== 'close')
    return { refused: 'its keeper has gone, and with it the session; it can only be closed' }
  if (channel.server) await endProcess(channel.server)
  await tellIfLost(channel, lost)
  if (channel.display !== undefined) await removeLeftSocket(channel.display)
  await files.remove()
  return { done: true }
}

/** A keeper that runs and takes no orders is still opening the channel, or hangs; that it can be ended. */
async function whyDeaf(
  { keeper }: ChannelState,
  order: Order,
  error: NodeJS.ErrnoException,
): Promise<Obeyed> {
  if (order.do === 'close') {
    end(keeper, 'SIGTERM')
    return { done: true }
  }
  return { refused: error.code === 'ENOENT' ? 'it is not open yet' : `its keeper: ${error.message}` }
}

/** One that has ended meanwhile is no fault. */
function end({ pid }: ChannelState['keeper'], signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
    throw new Error(`process ${pid} of the channel could not be ended: ${(error as Error).message}`)
  }
}

async function endProcess(mark: ChannelState['keeper']): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isOwn(mark))) return
    end(mark, signal)
    const until = performance.now() + grace.polite
    while (performance.now() < until && (await isOwn(mark)))
      await new Promise((go) => setTimeout(go, grace.step))
  }
}

/**
 * Takes away what is left of channels that have gone entirely: their sockets at once, since the next X server may take their numbers; what is written
 * down of one when that is told where it has to be, for which nobody need wait.
 *
 * @param lost is told of them, one after the other
 */
export async function sweepOwn(
  place: string,
  lost?: TellLost,
): Promise<{ readonly forgotten: Promise<void> }> {
  const gone: ChannelState[] = []
  for (const name of await readdir(place).catch(() => [])) {
    const id = /^([a-z2-7]{6})\.json$/.exec(name)?.[1]
    const channel = id === undefined ? undefined : await ownChannel(place, id)
    if (!channel || (await isOwn(channel.keeper))) continue
    if (channel.server && (await isOwn(channel.server))) continue
    if (channel.display !== undefined) await removeLeftSocket(channel.display)
    gone.push(channel)
  }
  return { forgotten: forget(place, gone, lost) }
}

async function forget(place: string, gone: readonly ChannelState[], lost?: TellLost): Promise<void> {
  for (const channel of gone)
    if (await tellIfLost(channel, lost).catch(() => false)) await new ChannelFiles(place, channel.id).remove()
}
