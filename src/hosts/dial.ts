import { connect, type Socket } from 'node:net'
import { orAborted } from './abort.ts'
import { resolver } from './resolve.ts'

/** Where a service listens, as seen by whoever connects: a TCP port, or a unix socket. */
export type Place = { readonly host: string; readonly port: number } | { readonly path: string }

/** Connects from this machine. Rejects with the error of the system (`code`: `ECONNREFUSED`, …), or with the signal's reason. */
export async function dial(place: Place, signal: AbortSignal): Promise<Socket> {
  const socket = connect(
    'host' in place ? { ...place, lookup: resolver.lookup, autoSelectFamily: true } : place,
  )
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  socket.once('connect', () => resolve(socket))
  socket.once('error', reject)
  try {
    await orAborted(promise, signal)
    socket.off('error', reject)
    return socket
  } catch (error) {
    socket.on('error', () => {})
    socket.destroy()
    throw error
  }
}
