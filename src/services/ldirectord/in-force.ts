import { joinAddress } from '../../hosts/address.ts'
import { label, say } from '../../hosts/label.ts'
import type { ConfiguredReal, ConfiguredVirtual, LdirectordConfig, Timing } from './facts.ts'
import type { Fallback, Lookup } from './lookup.ts'
import type { PortProtocol } from './names.ts'
import type { HostPort, virtualPlaceOf } from './places.ts'
import type { Problems } from './problems.ts'

/** A virtual service as its section has it. */
export interface Section {
  readonly where: ReturnType<typeof virtualPlaceOf>
  readonly line: number
  /** of its addresses and of those that its names stand for */
  readonly family: 4 | 6
  readonly values: Map<string, string>
  readonly reals: Map<string, ConfiguredReal>
  fallback?: Fallback
}

/** What stands in a file. */
export interface Written {
  readonly globals: Map<string, string>
  readonly fallbacks: Map<4 | 6, Fallback>
  readonly sections: Section[]
}

/** A virtual service with its port, where it has one, and what is asked there if nothing is said. */
interface Placed {
  readonly id: string
  readonly protocol: PortProtocol
  readonly port?: string
  readonly usual: string
}

/** `ld_port_to_service`. */
const byPort: Readonly<Record<string, string>> = {
  21: 'ftp',
  25: 'smtp',
  53: 'dns',
  80: 'http',
  110: 'pop',
  119: 'nntp',
  143: 'imap',
  389: 'ldap',
  443: 'https',
  587: 'submission',
  636: 'ldaps',
  993: 'imaps',
  995: 'pops',
  1521: 'oracle',
  1812: 'radius',
  3128: 'http_proxy',
  3306: 'mysql',
  5060: 'sip',
  5432: 'pgsql',
}

/** What is in force by what stands in a file, with the defaults of ldirectord 4.12 (`set_defaults`, `ld_setup`). */
export class InForce {
  readonly #written: Written
  readonly #lookup: Lookup
  readonly #problems: Problems
  /** the virtual services, as they are written */
  readonly #ids = new Set<string>()

  constructor(written: Written, lookup: Lookup, problems: Problems) {
    this.#written = written
    this.#lookup = lookup
    this.#problems = problems
  }

  /** `lines`: how many the file has */
  config(lines: number): Omit<LdirectordConfig, 'names' | 'ports'> {
    const { globals, sections } = this.#written
    const last = sections.at(-1)
    // Seen with 4.12: it reads this last section twice, and has the service twice.
    if (last?.where && last.line === lines)
      this.#problems.refuse(lines, say`a virtual service without a line of its own may not end the file`)
    const yes = (name: string, preset: boolean) => isYes(globals.get(name), preset)
    // ldirectord(8) says yes; the program sets no (`set_defaults` of 4.12).
    const quiescent = yes('quiescent', false)
    const maintenancedir = globals.get('maintenancedir')
    const virtuals = sections.flatMap((section) => this.#virtual(section, quiescent))
    return {
      ...this.#timing(),
      quiescent,
      readdquiescent: yes('readdquiescent', false),
      cleanstop: yes('cleanstop', true),
      autoreload: yes('autoreload', false),
      ...(maintenancedir ? { maintenancedir } : {}),
      logfile: globals.get('logfile') ?? '/var/log/ldirectord.log',
      virtuals,
      problems: this.#problems.all,
    }
  }

  /**
   * When checks are made: what the service says comes before what the file says, and that before ldirectord(8). Of the two timeouts each
   * stands for the other where only one is set (`ld_setup`).
   */
  #timing(own?: ReadonlyMap<string, string>): Timing {
    const all = this.#written.globals
    const first = (preset: number, ...found: readonly (string | undefined)[]) =>
      Number(found.find((one) => one !== undefined) ?? preset)
    const [check, negotiate] = ['checktimeout', 'negotiatetimeout'] as const
    // Its own interval counts only where each service has a process of its own.
    const interval = all.get('fork') === 'yes' ? own?.get('checkinterval') : undefined
    return {
      checkinterval: first(10, interval, all.get('checkinterval')),
      checktimeout: first(5, own?.get(check), own?.get(negotiate), all.get(check), all.get(negotiate)),
      negotiatetimeout: first(30, own?.get(negotiate), own?.get(check), all.get(negotiate), all.get(check)),
      failurecount: first(1, own?.get('failurecount'), all.get('failurecount')),
    }
  }

  #virtual(section: Section, quiescent: boolean): ConfiguredVirtual[] {
    const { where, line, family, values } = section
    if (!where) return []
    const service = 'mark' in where ? this.#marked(where.mark, section) : this.#placed(where, section)
    if (!service) return []
    const { id, port } = service
    // ldirectord compares them as they are written: 7 and 07 are two, until the kernel says otherwise.
    const written = 'mark' in where ? `${id} ${where.mark}` : `${id} ${port}`
    if (this.#ids.has(written)) this.#problems.refuse(line, say`${label(id)} stands here twice`)
    this.#ids.add(written)
    const reals = [...section.reals.values()]
    for (const { id, forward, line: at } of port === undefined ? [] : reals)
      if (forward !== 'Masq' && !id.endsWith(`:${Number(port)}`))
        this.#problems.warn(
          at,
          say`${label(id)}: without masq the kernel's table has it at the port of the service`,
        )
    const fallback = this.#fallbackOf(section, service)
    const own = (name: string) => {
      const value = values.get(name)
      return value === undefined ? {} : { [name]: value }
    }
    const request = values.get('request')
    return [
      {
        id,
        family,
        line,
        scheduler: values.get('scheduler') ?? 'wrr',
        checktype: values.get('checktype') ?? 'negotiate',
        service: values.get('service') ?? service.usual,
        ...(request === undefined ? {} : { request: request.startsWith('/') ? request : `/${request}` }),
        ...own('receive'),
        ...this.#timing(values),
        quiescent: isYes(values.get('quiescent'), quiescent),
        ...(fallback === undefined ? {} : { fallback }),
        reals,
      },
    ]
  }

  #marked(mark: string, { family }: Section): Placed {
    const id = `FWM ${mark.replace(/^0+(?=\d)/, '')}${family === 6 ? ' IPv6' : ''}`
    return { id, protocol: 'fwm', usual: 'none' }
  }

  #placed(
    { host, port: written }: Required<HostPort>,
    { line, family, values }: Section,
  ): Placed | undefined {
    const usual = written === '53' || written === 'domain' ? 'udp' : 'tcp'
    const protocol =
      values.get('protocol') === undefined ? usual : values.get('protocol') === 'udp' ? 'udp' : 'tcp'
    const [address, port] = [
      this.#lookup.host(host, family, line),
      this.#lookup.port(written, protocol, line),
    ]
    if (port === undefined) return undefined
    const id = `${protocol.toUpperCase()} ${joinAddress(address, Number(port))}`
    return { id, protocol, port, usual: byPort[port] ?? 'none' }
  }

  /**
   * As the kernel's table has it: with masq and under a firewall mark it has a port of its own, with the others that of the service (seen
   * with ipvsadm 1.31). That of the whole file is for no firewall mark.
   */
  #fallbackOf({ family, fallback }: Section, { protocol, port }: Placed): string | undefined {
    const all = protocol === 'fwm' ? undefined : this.#written.fallbacks.get(family)
    const one = fallback ?? all
    if (!one) return undefined
    const found = this.#lookup.fallback(one, protocol, family)
    const own = one.forward === 'Masq' || port === undefined ? (found.port ?? port ?? '0') : port
    return joinAddress(found.address, Number(own))
  }
}

function isYes(value: string | undefined, preset: boolean): boolean {
  return value === undefined ? preset : value === 'yes'
}
