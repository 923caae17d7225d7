import { createServer, type Server } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
import { now as steadyNow } from '../../hosts/clock.ts'
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

/** What those who ask may cost: connections at once, milliseconds from the first byte to the last, bytes of a request. */
const bounds = { connections: 16, ms: 10_000, bytes: 8_192 } as const
/** Milliseconds for which all get the same: to make it costs what watching needs. */
const lasts = 1_000

/**
 * Serves a text at /metrics. Rejects where the place cannot be had.
 *
 * @param text made at most once a second
 * @param now milliseconds that never go back, for tests
 */
export async function serveMetrics(place: Place, text: () => string, now = steadyNow): Promise<Served> {
  const { address, port } = place
  let made: { readonly text: string; readonly at: number } | undefined
  const current = () => {
    if (!made || now() - made.at >= lasts) made = { text: text(), at: now() }
    return made.text
  }
  const server = createServer({ maxHeaderSize: bounds.bytes }, (request, response) => {
    const path = request.url?.split('?')[0]
    const isMeant = !isLoopback(place) || isOwnName(request.headers.host)
    const refused = !isMeant ? 421 : path !== '/metrics' ? 404 : request.method !== 'GET' ? 405 : undefined
    response.setHeader('Connection', 'close')
    if (refused) {
      response.writeHead(refused, { 'Content-Type': 'text/plain', Allow: 'GET' })
      response.end('GET /metrics\n')
    } else {
      response.writeHead(200, { 'Content-Type': contentType })
      response.end(current())
    }
  })
  server.maxConnections = bounds.connections
  // Whoever asks, or takes what was asked for, byte by byte would keep others out.
  server.on('connection', (socket) => {
    const end = setTimeout(() => socket.destroy(), bounds.ms)
    socket.once('close', () => clearTimeout(end))
  })
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

/**
 * Whether whoever asks means this machine. A page in somebody's browser can have its own name lead to 127.0.0.1, and would read all; the browser says that
 * name.
 *
 * @param host the header of this name; none: no browser asks
 */
function isOwnName(host = 'localhost'): boolean {
  const name = host.replace(/:\d{0,5}$/, '')
  return name.toLowerCase() === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0
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
