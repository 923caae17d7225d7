import { label, say } from '../../hosts/label.ts'
import type {
  Addresses,
  ConfigProblem,
  ConfiguredReal,
  ConfiguredVirtual,
  LdirectordConfig,
  Timing,
} from './facts.ts'
import { fallbackOf, realsOf, virtualPlaceOf } from './places.ts'

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

/** Real servers of one file that are read; a line of a range makes 256. */
const mostReals = 10_000

interface Block {
  readonly where: string
  readonly line: number
  /** of its addresses and of those that its names stand for */
  readonly family: 4 | 6
  readonly values: Map<string, string>
  readonly reals: ConfiguredReal[]
  /** of these */
  readonly ids: Set<string>
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
  readonly #ids = new Set<string>()
  #reals = 0
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
    this.#blocks.push({ where, line, family, values: new Map(), reals: [], ids: new Set() })
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
    if (this.#reals >= mostReals)
      return this.#refuse(line, say`not read: there are more than ${mostReals} real servers`)
    const reals = realsOf(value.trim(), line)
    for (const { id: written, ...rest } of reals) {
      const real = { ...rest, id: this.#resolved(written, block.family, line) }
      if (block.ids.has(real.id)) this.#warn(line, say`${label(real.id)} stands here twice`)
      else {
        block.reals.push(real)
        block.ids.add(real.id)
        this.#reals++
      }
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
    if (this.#ids.has(id)) this.#refuse(line, say`${label(id)} stands here twice`)
    this.#ids.add(id)
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
