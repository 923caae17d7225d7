import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { orAborted } from '../../hosts/abort.ts'
import { resolver } from '../../hosts/resolve.ts'
import type { RadiusWire } from './wire.ts'

/** A wire that keeps its socket, as the RADIUS clients of the field do: a balancer sends what comes from one port to one server. */
export interface KeptWire {
  readonly wire: RadiusWire
  close(): void
}

/** For one packet at a time, to one place. Nothing is sent twice: what is lost is to be seen. */
export function keptWire(): KeptWire {
  let socket: Socket | undefined
  let isClosed = false
  const connected = async (to: { readonly address: string; readonly port: number }) => {
    const [found] = await resolver.addresses(to.address)
    const address = found?.address ?? to.address
    const made = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    socket = made
    // What the network says later, of a packet that is given up, is nobody's.
    made.on('error', () => {})
    made.connect(to.port, address)
    await once(made, 'connect')
    if (isClosed) made.close()
    return made
  }
  return {
    wire: (to, packet, isAnswer, timeout, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>()
      const deadline = setTimeout(() => resolve(undefined), timeout)
      const hear = (datagram: Buffer) => isAnswer(datagram) && resolve(datagram)
      const ask = async () => {
        const used = socket ?? (await connected(to))
        used.on('message', hear)
        used.on('error', reject)
        used.send(packet, (error) => error && reject(error))
      }
      ask().catch(reject)
      return orAborted(promise, signal).finally(() => {
        clearTimeout(deadline)
        socket?.off('message', hear)
        socket?.off('error', reject)
      })
    },
    close: () => {
      isClosed = true
      try {
        socket?.close()
      } catch {
        // It is closed already.
      }
      socket = undefined
    },
  }
}
