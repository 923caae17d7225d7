import { label, say } from '../../hosts/label.ts'
import type {
  Addresses,
  ConfigProblem,
  ConfiguredReal,
  ConfiguredVirtual,
  LdirectordConfig,
} from './facts.ts'

const switches = ['quiescent', 'readdquiescent', 'cleanstop', 'autoreload', 'supervised', 'fork'] as const
const seconds = ['checkinterval', 'checktimeout', 'negotiatetimeout'] as const
const counts = ['failurecount', 'checkcount', 'emailalertfreq'] as const

/** Words that stand for themselves before the first virtual service, and which of them may stand in one too: ldirectord(8). */
const globals = new Set<string>([
  ...switches,
  ...seconds,
  ...counts,
  ...[
    'callback',
    'fallback',
    'fallback6',
    'fallbackcommand',
    'logfile',
    'emailalert',
    'emailalertfrom',
    'emailalertstatus',
  ],
  ...['smtp', 'execute', 'maintenancedir'],
])
const locals = new Set<string>([
  ...['quiescent', 'cleanstop', 'ops', ...seconds, ...counts],
  ...[
    'real',
    'real6',
    'checktype',
    'service',
    'checkcommand',
    'checkport',
    'request',
    'receive',
    'httpmethod',
  ],
  ...['virtualhost', 'login', 'passwd', 'database', 'secret', 'load', 'scheduler', 'persistent', 'netmask'],
  ...[
    'protocol',
    'monitorfile',
    'fallback',
    'fallback6',
    'fallbackcommand',
    'emailalert',
    'emailalertfrom',
    'emailalertstatus',
  ],
  ...['smtp'],
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

/** The names in a configuration that stand for addresses, as `FAMILY NAME`. */
export function namesIn(text: string): string[] {
  const reader = new Reader(undefined)
  for (const [i, line] of text.split('\n').entries()) reader.take(line, i + 1)
  reader.config()
  return [...reader.names]
}

class Reader {
  readonly names = new Set<string>()
  readonly #addresses: Addresses | undefined
  readonly #globals = new Map<string, string>()
  readonly #blocks: Block[] = []
  readonly #problems: ConfigProblem[] = []

  constructor(addresses: Addresses | undefined) {
    this.#addresses = addresses
  }

  take(raw: string, line: number): void {
    const text = raw.replace(/\r$/, '')
    if (/^\s*(#.*)?$/.test(text)) return
    const [, blank = '', name = '', value = ''] = /^(\s*)([a-z0-9]+)\s*=\s*(.*?)\s*$/i.exec(text) ?? []
    // Only its first word: there may be a password in the line.
    if (!name) return this.#refuse(line, say`not understood: ${label(text.trim().split(/[\s=:"]/)[0] ?? '')}`)
    const block = this.#blocks.at(-1)
    if (/^virtual6?$/.test(name) && !blank)
      this.#blocks.push({
        where: unquoted(value),
        line,
        family: name.endsWith('6') ? 6 : 4,
        values: new Map(),
        reals: [],
      })
    else if (blank && block) this.#inBlock(block, name, value, line)
    else if (blank) this.#refuse(line, say`${label(name)}: stands in no virtual service`)
    else this.#global(name, value, line)
  }

  #global(name: string, value: string, line: number): void {
    if (!globals.has(name)) return this.#refuse(line, say`unknown: ${label(name)}`)
    this.#set(this.#globals, name, value, line)
  }

  #inBlock(block: Block, name: string, value: string, line: number): void {
    if (!locals.has(name)) return this.#refuse(line, say`unknown in a virtual service: ${label(name)}`)
    if (!/^real6?$/.test(name)) return this.#set(block.values, name, value, line)
    const reals = realsOf(value, line)
    for (const { id: written, ...rest } of reals) {
      const real = { ...rest, id: this.#known(written, block.family, line) }
      if (block.reals.some(({ id }) => id === real.id))
        this.#warn(line, say`${label(real.id)} stands here twice`)
      else block.reals.push(real)
    }
    if (!reals.length) this.#refuse(line, say`no real server: ${label(value)}`)
  }

  /** A place with the address that its name stands for. */
  #known(place: string, family: 4 | 6, line: number): string {
    const [, name = '', port = ''] = /^([A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*)(:\d+)$/.exec(place) ?? []
    if (!name) return place
    const key = `${family} ${name}`
    const isNew = !this.names.has(key)
    this.names.add(key)
    const address = this.#addresses?.get(key)
    if (address) return family === 6 ? `[${address}]${port}` : `${address}${port}`
    if (this.#addresses && isNew)
      this.#refuse(line, say`${label(name)} is the name of no address that this balancer knows`)
    return place
  }

  #set(values: Map<string, string>, name: string, value: string, line: number): void {
    const isNumber = [...seconds, ...counts].some((one) => one === name)
    if (isNumber && !/^[1-9]\d*$/.test(unquoted(value)))
      return this.#refuse(line, say`${label(name)} is no number: ${label(value)}`)
    const isSwitch = switches.some((one) => one === name)
    if (isSwitch && !/^(yes|no)$/i.test(unquoted(value)))
      return this.#refuse(line, say`${label(name)} is neither yes nor no: ${label(value)}`)
    values.set(name, unquoted(value))
  }

  #refuse(line: number, text: ConfigProblem['text']): void {
    this.#problems.push({ line, text, fatal: true })
  }

  #warn(line: number, text: ConfigProblem['text']): void {
    this.#problems.push({ line, text, fatal: false })
  }

  config(): LdirectordConfig {
    const number = (name: string, preset: number) => Number(this.#globals.get(name) ?? preset)
    const yes = (name: string, preset: boolean) => isYes(this.#globals.get(name), preset)
    const checktimeout = number('checktimeout', 5)
    const quiescent = yes('quiescent', true)
    const maintenancedir = this.#globals.get('maintenancedir')
    const virtuals = this.#blocks.flatMap((block) => this.#virtual(block, quiescent))
    return {
      checkinterval: number('checkinterval', 10),
      checktimeout,
      negotiatetimeout: number('negotiatetimeout', 30),
      failurecount: number('failurecount', 1),
      quiescent,
      readdquiescent: yes('readdquiescent', false),
      cleanstop: yes('cleanstop', true),
      autoreload: yes('autoreload', false),
      ...(maintenancedir ? { maintenancedir } : {}),
      logfile: this.#globals.get('logfile') ?? '/var/log/ldirectord.log',
      virtuals,
      problems: this.#problems.sort((a, b) => a.line - b.line),
    }
  }

  #virtual({ where, line, family, values, reals }: Block, quiescent: boolean): ConfiguredVirtual[] {
    const written = placeOf(where)
    if (!written) {
      this.#refuse(line, say`no virtual service: ${label(where)}`)
      return []
    }
    const mark = /^\d+$/.test(where)
    const place = mark ? `${written}${family === 6 ? ' IPv6' : ''}` : this.#known(written, family, line)
    const protocol = mark ? 'FWM' : (values.get('protocol') ?? 'tcp').toUpperCase()
    const word = family === 6 ? 'fallback6' : 'fallback'
    const fallback = fallbackOf(values.get(word) ?? this.#globals.get(word), place)
    const number = (name: string, preset: number) =>
      Number(values.get(name) ?? this.#globals.get(name) ?? preset)
    const own = (name: string) => {
      const value = values.get(name)
      return value === undefined ? {} : { [name]: value }
    }
    return [
      {
        id: `${protocol} ${place}`,
        line,
        scheduler: values.get('scheduler') ?? 'wrr',
        checktype: values.get('checktype') ?? 'negotiate',
        service: values.get('service') ?? 'none',
        ...own('request'),
        ...own('receive'),
        checkinterval: number('checkinterval', 10),
        checktimeout: number('checktimeout', 5),
        negotiatetimeout: number('negotiatetimeout', 30),
        failurecount: number('failurecount', 1),
        quiescent: isYes(values.get('quiescent'), quiescent),
        ...(fallback ? { fallback: this.#known(fallback, family, line) } : {}),
        reals,
      },
    ]
  }
}

function isYes(value: string | undefined, preset: boolean): boolean {
  return value === undefined ? preset : value.toLowerCase() === 'yes'
}

function unquoted(value: string): string {
  return /^"(.*)"$/.exec(value)?.[1] ?? value
}

/** `10.9.0.100:389`, `[fd00::1]:636`, `vip:ldap`, a firewall mark; the port as a number. */
function placeOf(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([A-Za-z0-9-]+)$/.exec(text) ?? []
  const number = /^\d+$/.test(port) ? Number(port) : ports[port]
  return host && number !== undefined ? `${host}:${number}` : undefined
}

/** `127.0.0.1:80 gate`: without a port it is the one of the service, which a firewall mark has not. */
function fallbackOf(text: string | undefined, virtual: string): string | undefined {
  const server = text?.trim().split(/\s+/)[0]
  if (!server) return undefined
  return placeOf(server) ?? placeOf(`${server}:${/:(\d+)$/.exec(virtual)?.[1] ?? 0}`)
}

/** `10.9.0.11:389 gate 4`; `192.168.6.2->192.168.6.4:80 masq` are three. Under a firewall mark the port may be missing. */
function realsOf(text: string, line: number): ConfiguredReal[] {
  const [, first = '', last, forward = '', weight = '1'] =
    /^(\S+?)(?:->(\S+?))?\s+(gate|masq|ipip)(?:\s+(\d+))?(?:\s+".*)?$/.exec(text) ?? []
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
