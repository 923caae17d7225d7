import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import type { RadiusWire } from '../../../src/services/radius/wire.ts'

type Reply = (datagram: Buffer) => void
/** @param from the port of the client */
type OnRequest = (request: Buffer, reply: Reply, from: number) => void

/** A server on loopback that does with a request what a test wants. */
export class FakeServer {
  readonly requests: Buffer[] = []
  readonly #socket: Socket
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  private constructor(socket: Socket, onRequest: OnRequest) {
    this.#socket = socket
    socket.on('message', (request, { port, address }) => {
      this.requests.push(request)
      onRequest(request, (datagram) => socket.send(datagram, port, address), port)
      for (const { count, resolve } of this.#waiting) if (this.requests.length >= count) resolve()
    })
  }

  static async open(onRequest: OnRequest, address = '127.0.0.1'): Promise<FakeServer> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const server = new FakeServer(socket, onRequest)
    socket.bind(0, address)
    await once(socket, 'listening')
    return server
  }

  get at() {
    return this.#socket.address()
  }

  /** Resolves when so many requests have come. */
  heard(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.requests.length >= count) resolve()
    this.#waiting.push({ count, resolve })
    return promise
  }

  async close(): Promise<void> {
    this.#socket.close()
    await once(this.#socket, 'close')
  }
}

/** A wire that ends in the test: these datagrams come back, in this order, and then nothing more. */
export function wireOf(answers: (request: Buffer, port: number) => readonly Buffer[]): RadiusWire {
  return async ({ port }, request, isAnswer) => answers(request, port).find(isAnswer)
}
