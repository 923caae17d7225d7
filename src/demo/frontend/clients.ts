import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { LdapServer } from '../../services/ldap/facts.ts'
import type { RadiusServer } from '../../services/radius/watch.ts'
import { demoLdap } from '../directory/ldap.ts'
import type { World } from '../world.ts'
import { demoRadius } from './radius.ts'

/** Where a virtual service is. */
interface Virtual {
  readonly address: string
  readonly port: number
}

/** The virtual services of the demo as their clients see them: the balancer that holds the address chooses for each connection. */
export function demoClients(world: World) {
  /** Milliseconds that an answer takes, in turn. */
  const takes = [1.1, 1.3, 0.9, 2.4, 1.2, 1, 1.6, 5.2]
  let asked = 0
  const answering = async <T>(answer: () => Promise<T>): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, takes[asked++ % takes.length]))
    return await answer()
  }
  const chosen = ({ address, port }: Virtual): string => {
    world.balancing.advance()
    const holder = world.balancing.balancers.find(({ holdsAddress }) => holdsAddress)
    const reals = holder?.services.find((one) => one.port === port)?.reals ?? []
    // As with the scheduler sed: a share by weight.
    const turns = reals.flatMap(({ frontend, weight }) => Array<string>(weight).fill(frontend.name))
    const name = turns[asked++ % turns.length]
    if (name === undefined) throw new HostError('unreachable', address, say`connection refused`)
    return name
  }
  return {
    ports: {},
    ldap: (virtual: Virtual): LdapServer => {
      const { questions } = demoLdap(world, '')
      return {
        questions,
        open: async (lost) => {
          const connection = await answering(() => demoLdap(world, chosen(virtual)).open(lost))
          return {
            get closed() {
              return connection.closed
            },
            close: () => connection.close(),
            search: (base, search) => answering(() => connection.search(base, search)),
          }
        },
      }
    },
    radius: (
      virtual: Virtual,
    ): RadiusServer & { wires: () => { wire: RadiusServer['wire']; close(): void } } => ({
      settings: demoRadius(world, '').settings,
      wire: (...packet) => demoRadius(world, chosen(virtual)).wire(...packet),
      wires: () => {
        const host = chosen(virtual)
        return {
          wire: (...packet) => answering(() => demoRadius(world, host).wire(...packet)),
          close: () => {},
        }
      },
    }),
  }
}
