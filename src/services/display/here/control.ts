import { createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { StringDecoder } from 'node:string_decoder'
import { dial } from '../../../hosts/dial.ts'
import { parseJson } from '../../../hosts/json.ts'
import { Lines } from '../../../hosts/lines.ts'
import { type Obeyed, type Order, obeyedSchema, orderSchema } from '../opening.ts'

/** Characters of an order; the longest has a cookie. */
const longest = 8192
/** Milliseconds that whoever connects has to say what they want. */
const patience = 5000
/** Milliseconds for an order to be carried out: a session that is asked to end has 8 s. */
const answerTimeout = 20_000

/** An order that is carried out on the connection by which it came. */
export interface Carried {
  carry(socket: Socket): void
}

/** Carries out an order. `gone` is aborted when whoever gave it is not there any more. */
type Obey = (order: Order, gone: AbortSignal) => Promise<Obeyed | Carried>

/** Takes orders on a unix socket, one a connection. Who may connect is a matter of the folder that it is in. */
export async function takeOrders(path: string, obey: Obey, within: number = patience): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    // For all of it: whoever says a letter now and then would stay for ever.
    const late = setTimeout(() => socket.destroy(), within)
    socket.on('close', () => clearTimeout(late))
    const lines = new Lines(longest)
    // What comes after the order is no text, perhaps.
    const decoder = new StringDecoder('utf8')
    const hear = (piece: Buffer) => {
      const [line] = lines.take(decoder.write(piece))
      if (line === undefined && !lines.tooLong) return
      clearTimeout(late)
      socket.off('data', hear)
      void answer(socket, line, obey)
    }
    socket.on('data', hear)
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(path, resolve)
  await promise
  return server
}

async function answer(socket: Socket, line: string | undefined, obey: Obey): Promise<void> {
  const order = orderOf(line)
  const gone = new AbortController()
  const leave = () => gone.abort()
  if (order?.do === 'look') {
    // It takes a person's time: nothing may be said meanwhile, and whoever goes away asks no more.
    for (const event of ['data', 'end', 'close'] as const) socket.on(event, leave)
  } else socket.pause()
  const obeyed = order
    ? await obey(order, gone.signal).catch((error: Error) => ({ refused: error.message }))
    : { refused: 'no such order' }
  if (!('carry' in obeyed)) return void socket.end(`${JSON.stringify(obeyed)}\n`)
  socket.pause()
  for (const event of ['data', 'end', 'close'] as const) socket.off(event, leave)
  socket.write(`${JSON.stringify({ done: true } satisfies Obeyed)}\n`)
  obeyed.carry(socket)
}

/** Whether somebody takes orders there. A keeper that is killed does not from the moment on in which its other connections end. */
export async function takesOrders(path: string): Promise<boolean> {
  try {
    const socket = await dial({ path }, AbortSignal.timeout(answerTimeout))
    socket.destroy()
    return true
  } catch {
    return false
  }
}

function orderOf(line: string | undefined): Order | undefined {
  try {
    return orderSchema.safeParse(parseJson(line ?? '')).data
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
    return obeyedSchema.parse(parseJson(await text(socket)))
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}
