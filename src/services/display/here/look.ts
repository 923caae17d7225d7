import { once } from 'node:events'
import type { Socket } from 'node:net'
import { userInfo } from 'node:os'
import { dial } from '../../../hosts/dial.ts'
import { type Obeyed, type Order, obeyedSchema } from '../opening.ts'
import { userName } from './user-name.ts'

/** Bytes of an answer. */
const longest = 8192

/** The account of whoever asks: sudo tells its number (sudo(8), ENVIRONMENT); where nobody asked sudo it is one's own. */
export async function whoLooks({
  SUDO_UID = '',
}: Readonly<Record<string, string | undefined>>): Promise<string> {
  return await userName(/^\d{1,10}$/.test(SUDO_UID) ? Number(SUDO_UID) : userInfo().uid)
}

/**
 * Asks a channel of this machine whether one may look. What is said and heard on the connection is the display's (RFB).
 *
 * @param gone whoever asks has gone; the question is taken back
 * @throws its keeper does not listen, or ends without an answer
 */
export async function askToLook(
  path: string,
  order: Extract<Order, { do: 'look' }>,
  gone: AbortSignal,
): Promise<Socket | Extract<Obeyed, { refused: string }>> {
  const socket = await dial({ path }, gone)
  socket.on('error', () => {})
  const leave = () => socket.destroy()
  gone.addEventListener('abort', leave, { once: true })
  socket.write(`${JSON.stringify(order)}\n`)
  const obeyed = obeyedSchema.parse(JSON.parse(await firstLine(socket)))
  gone.removeEventListener('abort', leave)
  if ('done' in obeyed) return socket
  socket.destroy()
  return obeyed
}

/** The rest of what it says is left to whoever reads next. */
async function firstLine(socket: Socket): Promise<string> {
  let said = Buffer.alloc(0)
  while (said.length <= longest) {
    const piece: Buffer | null = socket.read()
    if (piece === null) {
      if (socket.readableEnded || socket.destroyed) break
      await Promise.race([once(socket, 'readable'), once(socket, 'close')])
      continue
    }
    said = Buffer.concat([said, piece])
    const end = said.indexOf(0x0a)
    if (end < 0) continue
    socket.unshift(said.subarray(end + 1))
    return said.subarray(0, end).toString()
  }
  throw new Error('the keeper of the channel does not answer')
}
