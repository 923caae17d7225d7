import { label, say } from '../../hosts/label.ts'
import type {
  Addresses,
  ConfigProblem,
  ConfiguredReal,
  ConfiguredVirtual,
  LdirectordConfig,
  Timing,
} from './facts.ts'

const switches = ['quiescent', 'readdquiescent', 'cleanstop', 'autoreload', 'supervised', 'fork']
const numbers = ['checkinterval', 'checktimeout', 'negotiatetimeout', 'failurecount', 'checkcount']
/** These count only in quotation marks; without them the word is unknown. */
const quotedOnly = new Set(
  ['request', 'receive', 'login', 'passwd', 'database', 'secret', 'load'].concat(['logfile', 'callback']),
)

/** Words that stand before, between and behind virtual services, and those that stand in one: `read_config` of ldirectord 4.12. */
const globals = new Set([
  ...switches,
  ...numbers,
  ...['callback', 'fallback', 'fallback6', 'fallbackcommand', 'logfile', 'emailalert', 'emailalertfreq'],
  ...['emailalertfrom', 'emailalertstatus', 'smtp', 'execute', 'maintenancedir'],
])
const locals = new Set([
  ...numbers,
  ...['quiescent', 'cleanstop', 'ops', 'real', 'real6', 'checktype', 'service', 'checkcommand', 'checkport'],
  ...['request', 'receive', 'httpmethod', 'virtualhost', 'login', 'passwd', 'database', 'secret', 'load'],
  ...['scheduler', 'schedflags', 'persistent', 'netmask', 'protocol', 'monitorfile', 'fallback', 'fallback6'],
  ...[
    'fallbackcommand',
    'emailalert',
    'emailalertfreq',
    'emailalertstatus',
    'smtp',
    'servicename',
    'comment',
  ],
])

/** Ports that have one name on every machine (/etc/services), as far as they are served behind LVS. */
const ports: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  smtp: 25,
  domain: 53,
  http: 80,
  pop3: 110,
  nntp: 119,
  imap: 143,
  imap2: 143,
  ldap: 389,
  https: 443,
  ldaps: 636,
  radius: 1812,
  'radius-acct': 1813,
  mysql: 3306,
}

const forwards = { gate: 'Route', masq: 'Masq', ipip: 'Tunnel' } as const

interface Block {
  readonly where: string
  readonly line: number
  /** of its addresses and of those that its names stand for */
  readonly family: 4 | 6
  readonly values: Map<string, string>
  readonly reals: ConfiguredReal[]
}

/**
 * Reads a configuration as ldirectord does: what comes later in a section wins. A line that it would refuse is told, and passed over.
 *
 * @param addresses what its names stand for on the balancer; without it they are left as they are
 */
export function parseConfig(text: string, addresses?: Addresses): LdirectordConfig {
  const reader = new Reader(addresses)
  for (const [i, line] of text.split('\n').entries()) reader.take(line, i + 1)
  return reader.config()
}

class Reader {
  readonly #names = new Set<string>()
  readonly #addresses: Addresses | undefined
  readonly #globals = new Map<string, string>()
  readonly #blocks: Block[] = []
  readonly #problems: ConfigProblem[] = []
  readonly #ids = new Map<number, string>()
  #isInBlock = false

  constructor(addresses: Addresses | undefined) {
    this.#addresses = addresses
  }

  take(raw: string, line: number): void {
    if (this.#isInBlock) {
      if (/^\s*#/.test(raw)) return
      const command = /^ {4,}(.+)/.exec(raw.replace(/#.*/, '').replaceAll('\t', '    '))?.[1]
      const block = this.#blocks.at(-1)
      if (command !== undefined && block) return this.#inBlock(block, command, line)
      // A blank line ends it too.
      this.#isInBlock = false
    }
    const text = raw.replace(/\r$/, '')
    const [, six, where] = /^virtual(6)?\s*=\s*(.*)/.exec(text) ?? []
    if (where !== undefined) return this.#begin(where, six ? 6 : 4, line)
    if (/^\s*(#|$)/.test(text)) return
    const [, name = '', value = ''] = /^([a-z0-9]+)\s*=\s*([\s\S]*)/i.exec(raw) ?? []
    if (text.trim() === 'supervised') return void this.#globals.set('supervised', 'yes')
    if (name) return this.#global(name, value, line)
    // Only its first word: there may be a password in the line.
    const word = label(text.trim().split(/[\s=:"]/)[0] ?? '')
    this.#refuse(
      line,
      /^\s/.test(text) ? say`${word}: stands in no virtual service` : say`not understood: ${word}`,
    )
  }

  #begin(where: string, family: 4 | 6, line: number): void {
    this.#isInBlock = true
    this.#blocks.push({ where, line, family, values: new Map(), reals: [] })
  }

  #global(name: string, value: string, line: number): void {
    if (!globals.has(name)) return this.#refuse(line, say`unknown: ${label(name)}`)
    this.#set(this.#globals, name, value, line)
  }

  #inBlock(block: Block, command: string, line: number): void {
    const [, name = '', value = ''] = /^([a-z0-9]+)\s*=\s*(.*)/i.exec(command) ?? []
    const word = label(name || (command.trim().split(/[\s=:"]/)[0] ?? ''))
    if (!locals.has(name)) return this.#refuse(line, say`unknown in a virtual service: ${word}`)
    const isOther = /^(real|fallback)6?$/.test(name) && name.endsWith('6') !== (block.family === 6)
    if (isOther)
      return this.#refuse(
        line,
        say`${word}: here it is ${label(block.family === 6 ? `${name}6` : name.slice(0, -1))}`,
      )
    if (!/^real6?$/.test(name)) return this.#set(block.values, name, value, line)
    const reals = realsOf(value.trim(), line)
    for (const { id: written, ...rest } of reals) {
      const real = { ...rest, id: this.#resolved(written, block.family, line) }
      if (block.reals.some(({ id }) => id === real.id))
        this.#warn(line, say`${label(real.id)} stands here twice`)
      else block.reals.push(real)
    }
    if (!reals.length) this.#refuse(line, say`no real server: ${label(value.trim())}`)
  }

  #set(values: Map<string, string>, name: string, value: string, line: number): void {
    const refuse = (what: string) =>
      this.#refuse(line, say`${label(name)} ${label(what)}: ${label(value.trim())}`)
    const number = /\d+/.exec(value)?.[0]
    if (numbers.includes(name)) {
      if (Number(number ?? 0) > 0) values.set(name, number ?? '')
      else refuse('is no number')
    } else if (switches.includes(name)) {
      // As it stands there: neither capitals nor blanks behind it are taken.
      if (value === 'yes' || value === 'no') values.set(name, value)
      else refuse('is neither yes nor no')
    } else if (quotedOnly.has(name)) {
      const quoted = /^"(.+)"/.exec(value)?.[1]
      if (quoted !== undefined) values.set(name, quoted)
      // There may be a password in it.
      else this.#refuse(line, say`${label(name)}: not in quotation marks`)
    } else values.set(name, value.replace(/\r$/, ''))
  }

  /** A place with the address that its name stands for. */
  #resolved(place: string, family: 4 | 6, line: number): string {
    const [, name = '', port = ''] = /^([A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*)(:\d+)$/.exec(place) ?? []
    if (!name) return place
    const key = `${family} ${name}`
    const isNew = !this.#names.has(key)
    this.#names.add(key)
    const address = this.#addresses?.get(key)
    if (address) return family === 6 ? `[${address}]${port}` : `${address}${port}`
    if (this.#addresses && isNew)
      this.#refuse(line, say`${label(name)} is the name of no address that this balancer knows`)
    return place
  }

  #refuse(line: number, text: ConfigProblem['text']): void {
    this.#problems.push({ line, text, fatal: true })
  }

  #warn(line: number, text: ConfigProblem['text']): void {
    this.#problems.push({ line, text, fatal: false })
  }

  config(): LdirectordConfig {
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
      problems: this.#problems.sort((a, b) => a.line - b.line),
      names: [...this.#names],
    }
  }

  /** When checks are made: as a service says it, else the whole file, else ldirectord(8). */
  #timing(own?: ReadonlyMap<string, string>): Timing {
    const number = (name: string, preset: number) =>
      Number(own?.get(name) ?? this.#globals.get(name) ?? preset)
    // Its own interval counts only where each service has a process of its own.
    const forks = this.#globals.get('fork') === 'yes'
    return {
      checkinterval: forks ? number('checkinterval', 10) : Number(this.#globals.get('checkinterval') ?? 10),
      checktimeout: number('checktimeout', 5),
      negotiatetimeout: number('negotiatetimeout', 30),
      failurecount: number('failurecount', 1),
    }
  }

  #virtual({ where, line, family, values, reals }: Block, quiescent: boolean): ConfiguredVirtual[] {
    const written = virtualPlaceOf(where, family)
    if (!written) {
      this.#refuse(line, say`no virtual service: ${label(where.trim())}`)
      return []
    }
    const mark = /^\d+$/.test(written)
    const place = mark ? `${written}${family === 6 ? ' IPv6' : ''}` : this.#resolved(written, family, line)
    const port = /:\d+$/.exec(place)?.[0]
    for (const { id, forward, line: at } of port ? reals : [])
      if (forward !== 'Masq' && !id.endsWith(port ?? ''))
        this.#warn(at, say`${label(id)}: without masq the kernel's table has it at the port of the service`)
    const usual = place.endsWith(':53') ? 'udp' : 'tcp'
    const protocol = mark ? 'FWM' : (values.get('protocol')?.trim() ?? usual).toUpperCase()
    const id = `${protocol} ${place}`
    if (this.#blocks.some((one) => one.line < line && this.#ids.get(one.line) === id))
      this.#refuse(line, say`${label(id)} stands here twice`)
    this.#ids.set(line, id)
    const word = family === 6 ? 'fallback6' : 'fallback'
    const fallback = fallbackOf(values.get(word) ?? (mark ? undefined : this.#globals.get(word)), place)
    const own = (name: string) => {
      const value = values.get(name)
      return value === undefined ? {} : { [name]: value.trim() }
    }
    return [
      {
        id,
        family,
        line,
        scheduler: values.get('scheduler')?.trim() ?? 'wrr',
        checktype: values.get('checktype')?.trim() ?? 'negotiate',
        service: values.get('service')?.trim() ?? 'none',
        ...own('request'),
        ...own('receive'),
        ...this.#timing(values),
        quiescent: isYes(values.get('quiescent'), quiescent),
        ...(fallback ? { fallback: this.#resolved(fallback, family, line) } : {}),
        reals,
      },
    ]
  }
}

function isYes(value: string | undefined, preset: boolean): boolean {
  return value === undefined ? preset : value === 'yes'
}

/** What stands behind the address and port of a virtual service is not read. */
function virtualPlaceOf(text: string, family: 4 | 6): string | undefined {
  const [found] =
    /^(\d+(\.\d+){3}:[\w-]+|[\w.+-]+:[\w-]+|\d+)/.exec(text) ??
    (family === 6 ? /^\[[0-9A-Fa-f:]+\]:[\w-]+/.exec(text) : null) ??
    []
  return found === undefined ? undefined : placeOf(found)
}

/** `10.9.0.100:389`, `[fd00::1]:636`, `vip:ldap`, a firewall mark; the port as a number. */
function placeOf(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([A-Za-z0-9-]+)$/.exec(text) ?? []
  const number = /^\d+$/.test(port) ? Number(port) : ports[port]
  return host && number !== undefined ? `${asTheKernel(host)}:${number}` : undefined
}

/** An address of IPv6 in the spelling of RFC 5952, in which the kernel's table has it. */
function asTheKernel(host: string): string {
  return host.startsWith('[') && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host
}

/**
 * `127.0.0.1:80 gate`, as the kernel's table has it: only with masq it has a port of its own, with the others that of the service (seen
 * with ipvsadm 1.31); a firewall mark has none.
 */
function fallbackOf(text: string | undefined, virtual: string): string | undefined {
  const [server = '', forward] = text?.trim().split(/\s+/) ?? []
  const port = /:(\d+)$/.exec(virtual)?.[1] ?? 0
  const own = placeOf(server)
  if (own && forward === 'masq') return own
  return placeOf(`${own ? own.replace(/:\d+$/, '') : server}:${port}`)
}

/** Characters: no line of a real server is longer. */
const longestReal = 2_000

/** `10.9.0.11:389 gate 4`; `192.168.6.2->192.168.6.4:80 masq` are three. Under a firewall mark the port may be missing. */
function realsOf(text: string, line: number): ConfiguredReal[] {
  const [, first = '', last, forward = '', weight = '1'] =
    /^(\S+?)(?:->(\S+?))?\s+(gate|masq|ipip)(?:\s+(\d+))?(?:\s+".*"[, ]\s*".*")?(?:\s+l:\d+)?(?:\s+u:\d+)?$/.exec(
      text.slice(0, longestReal),
    ) ?? []
  const [, port] = /:([^:\]]+)$/.exec(last ?? first) ?? []
  return range(first, last).flatMap((host) => {
    const id = placeOf(`${host}:${port ?? 0}`)
    const way = forwards[forward as keyof typeof forwards]
    return id && way ? [{ id, forward: way, weight: Number(weight), line }] : []
  })
}

/** The hosts of `A->B:port` or `A:port`, without the port. A range goes over the last number of an IPv4 address. */
function range(first: string, last: string | undefined): string[] {
  const without = (text: string) => text.replace(/:[^:\]]*$/, '')
  if (last === undefined) return first ? [/^\[.*\]$/.test(first) ? first : without(first)] : []
  const [from, to] = [first, without(last)].map((text) => /^((?:\d+\.){3})(\d+)$/.exec(text))
  if (!from || !to || from[1] !== to[1]) return []
  const [low, high] = [Number(from[2]), Number(to[2])]
  return Array.from({ length: Math.min(256, Math.max(0, high - low + 1)) }, (_, i) => `${from[1]}${low + i}`)
}
