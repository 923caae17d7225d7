// A FreeRADIUS for the bench: it accepts everybody, and tells its statistics in the form of 3.2.
import { createSocket } from 'node:dgram'
import { freeradius, integer, vendorAttribute } from '../../src/services/radius/attributes.ts'
import { codes, encodeResponse } from '../../src/services/radius/packet.ts'
import { own } from '../../src/services/radius/parse.ts'

export const secret = 'bench'

function statistics(requests) {
  const counted = { 'Total-Access-Requests': requests, 'Total-Access-Accepts': requests }
  const began = { 'Stats-Start-Time': 1_795_000_000, 'Stats-HUP-Time': 1_795_000_000 }
  return Object.entries(own)
    .filter(([name]) => /^(Total|Queue|Stats-(Start|HUP))/.test(name))
    .map(([name, type]) => vendorAttribute(freeradius, integer(type, counted[name] ?? began[name] ?? 0)))
}

/** @param attributes of the answer */
function serve(attributes) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 21 })
  socket.on('message', (request, { port, address }) => {
    socket.send(encodeResponse(request, secret, codes.accessAccept, attributes()), port, address)
  })
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port))
  })
}

/** Resolves with the ports of authentication and of statistics. */
export async function openRadius() {
  let requests = 250_000
  const count = () => {
    requests++
    return []
  }
  return { port: await serve(count), statusPort: await serve(() => statistics(requests)) }
}
