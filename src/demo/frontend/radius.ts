import { freeradius, integer, vendorAttribute } from '../../services/radius/attributes.ts'
import { codes, encodeResponse, openRequest } from '../../services/radius/packet.ts'
import { own } from '../../services/radius/parse.ts'
import type { RadiusServer } from '../../services/radius/watch.ts'
import type { World } from '../world.ts'

const secret = 'demo'
const ports = { authentication: 1812, status: 18121 } as const

/** The FreeRADIUS of a front end of the demo: packets in, packets out. */
export function demoRadius(world: World, host: string): RadiusServer {
  return {
    settings: () => ({
      address: host,
      port: ports.authentication,
      statusPort: ports.status,
      secret,
      login: { user: 'probe', password: 'demo' },
    }),
    wire: async ({ port }, packet, _is, timeout) => {
      if (world.outages.isOff(host))
        throw Object.assign(new Error('no route to host'), { code: 'EHOSTUNREACH' })
      if (world.daemons.pidOf(host, 'freeradius') === undefined && world.balancing.frontend(host))
        throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
      if (!(await world.daemons.answers(host, 'freeradius', timeout))) return undefined
      const { code } = openRequest(packet, secret)
      if (port === ports.status)
        return encodeResponse(packet, secret, codes.accessAccept, statistics(world, host))
      // Its directory is the one of the same host.
      const isRejected = code === codes.accessRequest && world.balancing.frontend(host)?.failing
      return encodeResponse(packet, secret, isRejected ? codes.accessReject : codes.accessAccept, [])
    },
  }
}

function statistics({ directory }: World, host: string) {
  const requests = Math.floor(directory.searches(host) / 9)
  const rejects = Math.floor(requests / 40)
  const numbers = {
    'Total-Access-Requests': requests,
    'Total-Access-Accepts': requests - rejects,
    'Total-Access-Rejects': rejects,
    'Total-Access-Challenges': 0,
    'Total-Auth-Responses': requests,
    'Total-Auth-Duplicate-Requests': 0,
    'Total-Auth-Malformed-Requests': 0,
    'Total-Auth-Invalid-Requests': 0,
    'Total-Auth-Dropped-Requests': 0,
    'Total-Auth-Unknown-Types': 0,
    'Total-Accounting-Requests': 0,
    'Total-Accounting-Responses': 0,
    'Total-Acct-Dropped-Requests': 0,
    'Stats-Start-Time': 1_795_000_000,
    'Stats-HUP-Time': 1_795_000_000,
  } as const
  return Object.entries(numbers).map(([name, value]) =>
    vendorAttribute(freeradius, integer(own[name as keyof typeof numbers], value)),
  )
}
