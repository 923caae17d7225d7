import { type Balancing, virtualAddress } from '../balancer/balancing.ts'
import type { World } from '../world.ts'

/** `0A00000B:0185`: a place as /proc/net/ip_vs has it. */
function inKernel(address: string, port: number): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')
  const bytes = address.split('.').map((byte) => hex(Number(byte), 2))
  return `${bytes.join('')}:${hex(port, 4)}`
}

/** What a look at a host finds that a drill follows (actions/drill/look-*.ts): the weight of a real server in a service, or the addresses. */
export function lookAt(world: World, host: string, [service, real]: readonly string[]): string {
  const { balancing } = world
  balancing.advance()
  return service === undefined ? addressesOf(balancing, host) : weightOf(balancing, host, service, real ?? '')
}

function weightOf(balancing: Balancing, host: string, service: string, real: string): string {
  const found = balancing
    .balancer(host)
    ?.services.find(({ protocol, port }) => service === `${protocol} ${inKernel(virtualAddress, port)}`)
  const one = found?.reals.find(({ frontend }) => real === inKernel(frontend.address, found.port))
  return one ? String(one.weight) : 'none'
}

function addressesOf(balancing: Balancing, host: string): string {
  const balancer = balancing.balancer(host)
  const own = balancer?.address ?? balancing.frontend(host)?.address
  const all = [...(own ? [own] : []), ...(balancer?.holdsAddress ? [virtualAddress] : [])]
  return all.join(',') || 'none'
}
