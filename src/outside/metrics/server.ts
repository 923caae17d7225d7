import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { contentType } from './text.ts'

/** Where it listens. */
export interface Place {
  readonly address: string
  readonly port: number
}

/** `127.0.0.1:9464`, `[::1]:9464`; undefined: something else. A port of 0 takes any that is free. */
export function placeOf(text: string): Place | undefined {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([0-9.]{7,15})):(\d{1,5})$/i.exec(text) ?? []
  const address = bracketed ?? plain
  const port = Number(digits)
  return address !== undefined && port <= 65_535 ? { address, port } : undefined
}

/** Whether nobody on another machine can reach it. */
export function isLoopback({ address }: Place): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address) || address === '::1'
}

/** What one who asks may cost: connections at once, milliseconds, bytes of a request. */
const bounds = { connections: 16, ms: 10_000, bytes: 8_192 } as const

/**
 * Serves a text at /metrics. Rejects where the place cannot be had.
 *
 * @param text made for each that asks
 */
export async function serveMetrics({ address, port }: Place, text: () => string): Promise<Served> {
  const server = createServer(
    { maxHeaderSize: bounds.bytes, requestTimeout: bounds.ms, headersTimeout: bounds.ms },
    (request, response) => {
      const path = request.url?.split('?')[0]
      const refused = path !== '/metrics' ? 404 : request.method !== 'GET' ? 405 : undefined
      response.setHeader('Connection', 'close')
      if (refused) {
        response.writeHead(refused, { 'Content-Type': 'text/plain', Allow: 'GET' })
        response.end('GET /metrics\n')
      } else {
        response.writeHead(200, { 'Content-Type': contentType })
        response.end(text())
      }
    },
  )
  server.maxConnections = bounds.connections
  // Whoever takes what was asked for too slowly gets the rest no more.
  server.setTimeout(bounds.ms, (socket) => socket.destroy())
  await listening(server, address, port)
  const { port: taken } = server.address() as AddressInfo
  const shown = address.includes(':') ? `[${address}]` : address
  return {
    url: `http://${shown}:${taken}/metrics`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export interface Served {
  readonly url: string
  close(): void
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      // A connection that fails is the other side's.
      server.on('error', () => {})
      resolve()
    })
  })
}
