import { isIP, isIPv4 } from 'node:net'
import { joinAddress } from '../../hosts/address.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { atOnce, type Steps } from '../../hosts/slices.ts'
import type {
  Addresses,
  ConfigProblem,
  ConfiguredReal,
  ConfiguredVirtual,
  LdirectordConfig,
  Timing,
} from './facts.ts'
import { Names, type PortProtocol } from './names.ts'
import { fallbackPlaceOf, type HostPort, rangeOf, realOf, virtualPlaceOf } from './places.ts'
import { globals, locals, type Taken } from './words.ts'

/** A fallback as a line has it. */
type Fallback = NonNullable<ReturnType<typeof fallbackPlaceOf>> & { readonly line: number }

interface Block {
  readonly where: ReturnType<typeof virtualPlaceOf>
  readonly line: number
  /** of its addresses and of those that its names stand for */
  readonly family: 4 | 6
  readonly values: Map<string, string>
  readonly reals: Map<string, ConfiguredReal>
  fallback?: Fallback
}

/** Virtual services and real servers of one file that are read: what is made of them is made anew while keys wait. */
const mostServices = 500
const mostReals = 2_000
/** Refusals that are told of one file, and warnings. */
const mostProblems = 200

/**
 * Reads a configuration as ldirectord 4.12 does (`read_config`, `ld_setup`): what comes later in a section wins. A line that it would refuse
 * is told, and passed over.
 *
 * @param addresses what its names stand for on the balancer; without it they are left as they are, and ports are those of Debian
 */
export function parseConfig(text: string, addresses?: Addresses): LdirectordConfig {
  return atOnce(configSteps(text, addresses))
}

/** The same, line by line. */
export function* configSteps(text: string, addresses?: Addresses): Steps<LdirectordConfig> {
  const reader = new Reader(new Names(addresses))
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [i, line] of lines.entries()) {
    reader.take(line, i + 1)
    yield
  }
  return reader.config(lines.length)
}

class Reader {
  readonly #names: Names
  readonly #globals = new Map<string, string>()
  readonly #fallbacks = new Map<4 | 6, Fallback>()
  readonly #blocks: Block[] = []
  readonly #refusals: ConfigProblem[] = []
  readonly #warnings: ConfigProblem[] = []
  readonly #ids = new Set<string>()
  /** names that stand for nothing and lines with what is wrong in them, each once */
  readonly #told = new Set<string>()
  #reals = 0
  #isInBlock = false

  constructor(names: Names) {
    this.#names = names
  }

  /** A line without its end. Blanks are those of Perl, which takes the file for bytes. */
  take(raw: string, line: number): void {
    const isComment = /^[\t-\r ]*#/.test(raw)
    const block = this.#isInBlock ? this.#blocks.at(-1) : undefined
    if (block) {
      if (isComment) return
      const hash = raw.indexOf('#')
      const [, indent = '', command = ''] =
        /^( *)(.*)$/s.exec((hash < 0 ? raw : raw.slice(0, hash)).replaceAll('\t', '    ')) ?? []
      if (indent.length >= 4 && command) return this.#inBlock(block, command, line)
      if (indent.length > 4)
        return this.#refuse(line, say`blanks alone: an empty line ends a virtual service`)
      // A blank line ends it too.
      this.#isInBlock = false
    }
    const [, six, where] = /^virtual(6)?[\t-\r ]*=[\t-\r ]*(.*)$/s.exec(raw) ?? []
    if (where !== undefined) return this.#begin(where, six ? 6 : 4, line)
    if (!isComment && /[^\t-\r ]/.test(raw)) this.#global(raw, line)
  }

  #begin(text: string, family: 4 | 6, line: number): void {
    this.#isInBlock = true
    const where = this.#blocks.length < mostServices ? virtualPlaceOf(text, family) : undefined
    if (this.#blocks.length >= mostServices)
      this.#warn(line, say`not read: there are more than ${mostServices} virtual services`)
    else if (!where) this.#refuse(line, say`no virtual service: ${label(text.trim())}`)
    this.#blocks.push({ where, line, family, values: new Map(), reals: new Map() })
  }

  #global(raw: string, line: number): void {
    const [name, value] = wordOf(raw)
    if (/^supervised[\t-\r ]*$/.test(raw)) return void this.#globals.set('supervised', 'yes')
    if (name === 'fallback' || name === 'fallback6') {
      const family = name === 'fallback' ? 4 : 6
      const fallback = this.#fallbackIn(name, value, line)
      if (!fallback) return
      this.#fallbacks.set(family, fallback)
      // It is looked up at once, by both protocols.
      for (const protocol of ['tcp', 'udp'] as const) this.#resolve(fallback, protocol, family)
      return
    }
    const word = globals.get(name)
    if (word) return this.#set(this.#globals, name, word(value, { family: 4, isMark: false }), line)
    // Only its first word: there may be a password in the line.
    const shown = label(raw.trim().split(/[\s=:"]/)[0] ?? '')
    if (/^\s/.test(raw)) this.#refuse(line, say`${shown}: stands in no virtual service`)
    else this.#refuse(line, name ? say`unknown: ${shown}` : say`not understood: ${shown}`)
  }

  #inBlock(block: Block, command: string, line: number): void {
    const [name, value] = wordOf(command)
    const { family } = block
    const shown = label(name || (command.trim().split(/[\s=:"]/)[0] ?? ''))
    if (/^(real|fallback)6?$/.test(name)) {
      if (name.endsWith('6') !== (family === 6))
        this.#refuse(line, say`${shown}: here it is ${label(family === 6 ? `${name}6` : name.slice(0, -1))}`)
      else if (name.startsWith('real')) this.#real(block, value, line)
      else this.#ownFallback(block, name, value, line)
      return
    }
    const word = locals.get(name)
    if (!word) return this.#refuse(line, say`unknown in a virtual service: ${shown}`)
    this.#set(
      block.values,
      name,
      word(value, { family, isMark: !!block.where && 'mark' in block.where }),
      line,
    )
  }

  #real(block: Block, value: string, line: number): void {
    const real = realOf(value)
    if (!real) return this.#refuse(line, say`no real server: ${label(value.trim())}`)
    // No name is looked up of what is not read.
    if (this.#reals > mostReals) return this.#tooMany(line)
    const { host, last, port: written, forward, weight } = real
    const port = this.#port(written, 'any', line)
    const [from, to] = [host, last].map((name) =>
      name === undefined ? undefined : this.#host(name, block.family, line),
    )
    if (from === undefined || port === undefined) return
    for (const address of to === undefined ? [from] : this.#range(from, to, block.family, line)) {
      // Those that are there already count too: a range is written in few words, and as often as one likes.
      if (this.#reals++ >= mostReals) return this.#tooMany(line)
      const id = joinAddress(address, Number(port))
      if (block.reals.has(id)) this.#warn(line, say`${label(id)} stands here twice`)
      else block.reals.set(id, { id, forward, weight, line })
    }
  }

  #tooMany(line: number): void {
    this.#warn(line, say`not read: there are more than ${mostReals} real servers`)
  }

  #range(from: string, to: string, family: 4 | 6, line: number): string[] {
    if (family === 6) this.#refuse(line, say`a range of IPv6 addresses is not known`)
    // Of names that nobody has looked up it is not known.
    if (!isIPv4(from) || !isIPv4(to)) return []
    const found = rangeOf(from, to, Math.max(1, mostReals - this.#reals + 1))
    if (!found) this.#refuse(line, say`the range ends before it begins: ${label(from)} to ${label(to)}`)
    return found ?? []
  }

  #ownFallback(block: Block, name: string, value: string, line: number): void {
    const fallback = this.#fallbackIn(name, value, line)
    if (fallback) block.fallback = fallback
  }

  #fallbackIn(name: string, value: string, line: number): Fallback | undefined {
    const found = fallbackPlaceOf(value)
    if (!found)
      this.#refuse(line, say`${label(name)}: forwards by gate, masq or ipip: ${label(value.trim())}`)
    return found && { ...found, line }
  }

  /** Its address and its port, without one that of the service; `undefined`: it has none. */
  #resolve(
    { host, port, line }: Fallback,
    protocol: PortProtocol,
    family: 4 | 6,
  ): { address: string; port: string | undefined } {
    return {
      address: this.#host(host, family, line) ?? '',
      port: port === undefined || port === '0' ? port : this.#port(port, protocol, line),
    }
  }

  /** The address of a host; a name that stands for none is told, once, and stays. */
  #host(name: string, family: 4 | 6, line: number): string {
    const address = this.#names.address(name, family)
    if (address !== undefined) return address
    const key = `${family} ${name}`
    const what = isIP(name)
      ? say`is no address of IPv${family}`
      : say`is the name of no address that this balancer knows`
    if (!this.#told.has(key)) this.#refuse(line, say`${label(name)} ${what}`)
    this.#told.add(key)
    return name
  }

  #port(port: string, protocol: PortProtocol, line: number): string | undefined {
    const found = this.#names.port(port, protocol)
    const what = /^\d+$/.test(port) ? say`is no port` : say`is the name of no port that this balancer knows`
    if (found === undefined)
      this.#refuse(
        line,
        say`${label(port)} ${what}${protocol === 'any' ? say`` : say` of ${label(protocol)}`}`,
      )
    return found
  }

  #set(values: Map<string, string>, name: string, taken: Taken, line: number): void {
    if ('value' in taken) values.set(name, taken.value)
    else this.#refuse(line, say`${label(name)} ${taken.wrong}`)
  }

  /** A fallback of the whole file is looked up for each service, and told once. */
  #refuse(line: number, text: Label): void {
    const key = `${line} ${text}`
    if (this.#refusals.length < mostProblems && !this.#told.has(key)) {
      this.#refusals.push({ line, text, fatal: true })
      this.#told.add(key)
    }
  }

  #warn(line: number, text: Label): void {
    if (this.#warnings.length < mostProblems) this.#warnings.push({ line, text, fatal: false })
  }

  config(lines: number): LdirectordConfig {
    const last = this.#blocks.at(-1)
    // Seen with 4.12: it is read again, and is there twice.
    if (last?.where && last.line === lines)
      this.#refuse(lines, say`a virtual service without a line of its own may not end the file`)
    const yes = (name: string, preset: boolean) => isYes(this.#globals.get(name), preset)
    // ldirectord(8) says yes; the program sets no (`set_defaults` of 4.12).
    const quiescent = yes('quiescent', false)
    const maintenancedir = this.#globals.get('maintenancedir')
    const virtuals = this.#blocks.flatMap((block) => this.#virtual(block, quiescent))
    return {
      ...this.#timing(),
      quiescent,
      readdquiescent: yes('readdquiescent', false),
      cleanstop: yes('cleanstop', true),
      autoreload: yes('autoreload', false),
      ...(maintenancedir ? { maintenancedir } : {}),
      logfile: this.#globals.get('logfile') ?? '/var/log/ldirectord.log',
      virtuals,
      problems: [...this.#refusals, ...this.#warnings].sort((a, b) => a.line - b.line),
      names: [...this.#names.hosts],
      ports: [...this.#names.ports],
    }
  }

  /** When checks are made: as a service says it, else the whole file, else ldirectord(8). The two patiences stand for each other (`ld_setup`). */
  #timing(own?: ReadonlyMap<string, string>): Timing {
    const all = this.#globals
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

  #virtual(block: Block, quiescent: boolean): ConfiguredVirtual[] {
    const { where, line, family, values } = block
    if (!where) return []
    const service = 'mark' in where ? this.#marked(where.mark, block) : this.#placed(where, block)
    if (!service) return []
    const { id, port } = service
    // It compares how they are written: 7 and 07 are two until the kernel says otherwise.
    const written = 'mark' in where ? `${id} ${where.mark}` : `${id} ${port}`
    if (this.#ids.has(written)) this.#refuse(line, say`${label(id)} stands here twice`)
    this.#ids.add(written)
    const reals = [...block.reals.values()]
    for (const { id, forward, line: at } of port === undefined ? [] : reals)
      if (forward !== 'Masq' && !id.endsWith(`:${Number(port)}`))
        this.#warn(at, say`${label(id)}: without masq the kernel's table has it at the port of the service`)
    const fallback = this.#fallbackOf(block, service)
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

  #marked(mark: string, { family }: Block): Placed {
    const id = `FWM ${mark.replace(/^0+(?=\d)/, '')}${family === 6 ? ' IPv6' : ''}`
    return { id, protocol: 'fwm', usual: 'none' }
  }

  #placed({ host, port: written }: Required<HostPort>, { line, family, values }: Block): Placed | undefined {
    const usual = written === '53' || written === 'domain' ? 'udp' : 'tcp'
    const protocol =
      values.get('protocol') === undefined ? usual : values.get('protocol') === 'udp' ? 'udp' : 'tcp'
    const [address, port] = [this.#host(host, family, line), this.#port(written, protocol, line)]
    if (port === undefined) return undefined
    const id = `${protocol.toUpperCase()} ${joinAddress(address, Number(port))}`
    return { id, protocol, port, usual: byPort[port] ?? 'none' }
  }

  /**
   * As the kernel's table has it: with masq and under a firewall mark it has a port of its own, with the others that of the service (seen
   * with ipvsadm 1.31). That of the whole file is for no firewall mark.
   */
  #fallbackOf({ family, fallback }: Block, { protocol, port }: Placed): string | undefined {
    const all = protocol === 'fwm' ? undefined : this.#fallbacks.get(family)
    const one = fallback ?? all
    if (!one) return undefined
    const found = this.#resolve(one, protocol, family)
    const own = one.forward === 'Masq' || port === undefined ? (found.port ?? port ?? '0') : port
    return joinAddress(found.address, Number(own))
  }
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

/** The word before the sign, empty where there is none, and all that stands behind it. */
function wordOf(text: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([a-z0-9]+)[\t-\r ]*=[\t-\r ]*(.*)$/is.exec(text) ?? []
  return [name, value]
}

function isYes(value: string | undefined, preset: boolean): boolean {
  return value === undefined ? preset : value === 'yes'
}
