import { userInfo } from 'node:os'
import { join } from 'node:path'
import { tellLookOver } from '../broker/channel-account.ts'
import { brokerCommand } from '../broker/command.ts'
import { relay } from '../broker/serve.ts'
import { label, say } from '../hosts/label.ts'
import { takesOrders } from '../services/display/here/control.ts'
import { askToLook, whoLooks } from '../services/display/here/look.ts'
import { ownChannel } from '../services/display/here/own.ts'
import { ownPlace } from '../services/display/here/places.ts'
import { exit, Failure } from './exit.ts'
import { print } from './output.ts'

/**
 * Asks the person of a channel of one's own account whether whoever called sudo may look; standard input and output are then its display, behind one line that
 * says so. It ends with its input. Resolves with the exit status.
 */
export async function lookAtChannel(id: string, controls: boolean): Promise<number> {
  const { uid, username } = userInfo()
  const place = await ownPlace(uid)
  const channel = /^[a-z2-7]{6}$/.test(id) ? await ownChannel(place, id) : undefined
  if (!channel)
    throw new Failure(
      exit.notFound,
      say`${label(username)} has no channel ${label(id)} here (vdd channel facts)`,
    )
  const ending = new AbortController()
  const leave = () => ending.abort()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave)
  process.stdout.removeAllListeners('error')
  process.stdout.on('error', leave)
  // Nothing is to be said before there is an answer.
  for (const event of ['data', 'end', 'error'] as const) process.stdin.on(event, leave)
  try {
    const by = await whoLooks(process.env)
    const answer = await askToLook(join(place, id, 'control'), { do: 'look', by, controls }, ending.signal)
    if ('refused' in answer) throw new Failure(exit.refused, label(answer.refused))
    process.stdin.pause()
    for (const event of ['data', 'end', 'error'] as const) process.stdin.off(event, leave)
    print('{"done":true}')
    await relay(process.stdin, process.stdout, answer, ending.signal)
    await tellIfKilled(place, id)
    return exit.ok
  } catch (error) {
    if (error instanceof Failure) throw error
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ECONNREFUSED')
      throw new Failure(exit.refused, say`its keeper takes no orders: it is not open yet, or has gone`)
    throw error
  } finally {
    process.stdin.destroy()
  }
}

/** A keeper that was killed has told nobody that the look is over. */
async function tellIfKilled(place: string, id: string): Promise<void> {
  const channel = await ownChannel(place, id)
  if (!channel?.looked || (await takesOrders(join(place, id, 'control')))) return
  await tellLookOver(brokerCommand, channel)
}
