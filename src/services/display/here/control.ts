import { createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { dial } from '../../../hosts/dial.ts'
import { Lines } from '../../../hosts/lines.ts'
import { type Obeyed, type Order, obeyedSchema, orderSchema } from '../opening.ts'

/** Characters of an order; the longest has a cookie. */
const longest = 8192
/** Milliseconds that whoever connects has to say what they want. */
const patience = 5000
/** Milliseconds for an order to be carried out: a session that is asked to end has 8 s. */
const answerTimeout = 20_000

/** Takes orders on a unix socket, one a connection. Who may connect is a matter of the folder that it is in. */
export async function takeOrders(
  path: string,
  obey: (order: Order) => Promise<Obeyed>,
  within: number = patience,
): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    // For all of it: whoever says a letter now and then would stay for ever.
    const late = setTimeout(() => socket.destroy(), within)
    socket.on('close', () => clearTimeout(late))
    const lines = new Lines(longest)
    socket.setEncoding('utf8').on('data', (piece: string) => {
      const [line] = lines.take(piece)
      if (line === undefined && !lines.tooLong) return
      clearTimeout(late)
      socket.pause()
      void answer(socket, line, obey)
    })
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(path, resolve)
  await promise
  return server
}

async function answer(
  socket: Socket,
  line: string | undefined,
  obey: (order: Order) => Promise<Obeyed>,
): Promise<void> {
  const order = orderOf(line)
  const obeyed: Obeyed = order
    ? await obey(order).catch((error: Error) => ({ refused: error.message }))
    : { refused: 'no such order' }
  socket.end(`${JSON.stringify(obeyed)}\n`)
}

function orderOf(line: string | undefined): Order | undefined {
  try {
    return orderSchema.safeParse(JSON.parse(line ?? '')).data
  } catch {
    return undefined
  }
}

/**
 * Gives an order to a channel of this machine.
 *
 * @throws its keeper does not listen (`code`: `ENOENT`, `ECONNREFUSED`, `EACCES`), or does not answer
 */
export async function giveOrder(path: string, order: Order): Promise<Obeyed> {
  const signal = AbortSignal.timeout(answerTimeout)
  const socket = await dial({ path }, signal)
  const stop = () => socket.destroy(new Error('the keeper of the channel does not answer'))
  signal.addEventListener('abort', stop)
  socket.write(`${JSON.stringify(order)}\n`)
  try {
    return obeyedSchema.parse(JSON.parse(await text(socket)))
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}
