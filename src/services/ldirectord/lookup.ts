import { isIP } from 'node:net'
import { label, say } from '../../hosts/label.ts'
import type { Names, PortProtocol } from './names.ts'
import type { fallbackPlaceOf } from './places.ts'
import type { Problems } from './problems.ts'

/** A fallback as a line has it. */
export type Fallback = NonNullable<ReturnType<typeof fallbackPlaceOf>> & { readonly line: number }

/** Looks up the hosts and ports of a file, and tells which of them are none. */
export class Lookup {
  readonly #names: Names
  readonly #problems: Problems
  /** names that stand for nothing, as `FAMILY NAME` */
  readonly #told = new Set<string>()

  constructor(names: Names, problems: Problems) {
    this.#names = names
    this.#problems = problems
  }

  /** The address of a host; a name that stands for none is told, once, and stays. */
  host(name: string, family: 4 | 6, line: number): string {
    const address = this.#names.address(name, family)
    if (address !== undefined) return address
    const key = `${family} ${name}`
    const what = isIP(name)
      ? say`is no address of IPv${family}`
      : say`is the name of no address that this balancer knows`
    if (!this.#told.has(key)) this.#problems.refuse(line, say`${label(name)} ${what}`)
    this.#told.add(key)
    return name
  }

  /** The number of a port; `undefined`: it has none, which is told. */
  port(port: string, protocol: PortProtocol, line: number): string | undefined {
    const found = this.#names.port(port, protocol)
    const what = /^\d+$/.test(port) ? say`is no port` : say`is the name of no port that this balancer knows`
    if (found === undefined)
      this.#problems.refuse(
        line,
        say`${label(port)} ${what}${protocol === 'any' ? say`` : say` of ${label(protocol)}`}`,
      )
    return found
  }

  /** The address and the port of a fallback; `undefined`: it has the port of the service. */
  fallback(
    { host, port, line }: Fallback,
    protocol: PortProtocol,
    family: 4 | 6,
  ): { address: string; port: string | undefined } {
    return {
      address: this.host(host, family, line),
      port: port === undefined || port === '0' ? port : this.port(port, protocol, line),
    }
  }
}
