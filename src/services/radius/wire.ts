import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { orAborted } from '../../hosts/abort.ts'
import { deadline } from '../../hosts/deadline.ts'
import { resolver } from '../../hosts/resolve.ts'

/**
 * Brings a packet to a server and its answer back; `undefined`: no answer came in time.
 *
 * @param isAnswer tells for each datagram that comes whether it is the one; what is none is passed over. It does not throw.
 * @param timeout milliseconds for all of it
 * @throws the reason of the signal, and the system's errors with their `code`: ECONNREFUSED, EHOSTUNREACH, ENOTFOUND …
 */
export type RadiusWire = (
  to: { readonly address: string; readonly port: number },
  packet: Buffer,
  isAnswer: (datagram: Buffer) => boolean,
  timeout: number,
  signal: AbortSignal,
) => Promise<Buffer | undefined>

/**
 * By UDP. Each packet has a socket of its own, so that an answer that comes late reaches nobody; a connected one, so that a closed
 * port is heard of at once (ICMP). After half of the time without an answer the same packet is sent once more: UDP loses some.
 */
export const overUdp: RadiusWire = (to, packet, isAnswer, timeout, signal) => {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>()
  let socket: Socket | undefined
  let again: NodeJS.Timeout | undefined
  let isOver = false
  const began = performance.now()
  const callOff = deadline(timeout, () => resolve(undefined))
  const ask = async () => {
    const [found] = await resolver.addresses(to.address)
    const address = found?.address ?? to.address
    if (isOver) return
    socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    socket.on('error', reject)
    socket.on('message', (datagram) => isAnswer(datagram) && resolve(datagram))
    socket.connect(to.port, address)
    await once(socket, 'connect')
    if (isOver) return
    const send = () => socket?.send(packet, (error) => error && reject(error))
    send()
    again = setTimeout(send, timeout / 2 - (performance.now() - began))
  }
  ask().catch(reject)
  return orAborted(promise, signal).finally(() => {
    isOver = true
    callOff()
    clearTimeout(again)
    socket?.close()
  })
}
