import { joinAddress } from '../../hosts/address.ts'
import { type Label, label } from '../../hosts/label.ts'
import { count } from '../../hosts/numbers.ts'
import { byNumbers } from '../../words/by-numbers.ts'
import type { Forward, Protocol, RealServer, SyncDaemon, Traffic, VirtualService } from './facts.ts'

/** Behind a firewall mark stands `IPv6` where it is one of IPv6 (ipvsadm.c, print_service_entry). */
const serviceLine = /^(TCP|UDP|SCTP|FWM) +(\S+(?: IPv6)?) +(\S+) *(.*)$/
const realLine = /^ {2}-> (\S+) +(Route|Masq|Tunnel|Local) +(\d+) +(\d+) +(\d+)\s*$/

/** Splits `10.9.0.11:389` and `[fd00::11]:636` at the last colon. */
export function splitAddress(text: string): { address: string; port: number } | undefined {
  const [, six, four, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d+)$/.exec(text) ?? []
  const address = six ?? four
  return address === undefined ? undefined : { address, port: count(port) ?? 0 }
}

/** `ipvsadm -Ln`. Lines that are none of a table (its three heading lines too) are passed over. */
export function parseTable(text: string): VirtualService[] {
  return collect(text.split('\n'), parseService, parseReal)
}

/** Services in the order of the table, each with the real servers below it; what comes twice counts once. */
function collect(
  lines: readonly string[],
  service: (line: string) => VirtualService | undefined,
  real: (line: string) => RealServer | undefined,
): VirtualService[] {
  const services = new Map<string, { service: VirtualService; reals: Map<string, RealServer> }>()
  let current: Map<string, RealServer> | undefined
  for (const line of lines) {
    const one = service(line)
    if (one) {
      const known = services.get(one.id) ?? { service: one, reals: new Map() }
      services.set(one.id, known)
      current = known.reals
      continue
    }
    const below = real(line)
    if (below && current && !current.has(below.id)) current.set(below.id, below)
  }
  return [...services.values()].map(({ service, reals }) => ({ ...service, reals: [...reals.values()] }))
}

function parseService(line: string): VirtualService | undefined {
  const [, protocol, where = '', scheduler = '', flags = ''] = serviceLine.exec(line) ?? []
  if (!protocol) return undefined
  const place = protocol === 'FWM' ? markOf(where, 10) : splitAddress(where)
  return place && made(protocol as Protocol, place, scheduler, flags.trim())
}

interface Mark {
  readonly mark: number
  readonly isIPv6?: true
}

function markOf(text: string, base: 10 | 16): Mark | undefined {
  const [, digits = '', six] = /^([0-9A-Fa-f]+)( IPv6)?$/.exec(text) ?? []
  const mark = digits ? Number.parseInt(digits, base) : Number.NaN
  return Number.isSafeInteger(mark) ? { mark, ...(six ? { isIPv6: true as const } : {}) } : undefined
}

function made(
  protocol: Protocol,
  place: { address: string; port: number } | Mark,
  scheduler: string,
  flags: string,
): VirtualService {
  const where =
    'mark' in place ? `${place.mark}${place.isIPv6 ? ' IPv6' : ''}` : joinAddress(place.address, place.port)
  const persistent = /(?:^|\s)persistent (\d+)/.exec(flags)?.[1]
  return {
    id: `${protocol} ${where}`,
    protocol,
    ...place,
    scheduler: label(scheduler),
    flags: label(flags),
    ...(persistent ? { persistentSeconds: count(persistent) ?? 0 } : {}),
    reals: [],
  }
}

function parseReal(line: string): RealServer | undefined {
  const [, where = '', forward, weight, active, inactive] = realLine.exec(line) ?? []
  const place = splitAddress(where)
  return place && entry(place, forward as Forward, [weight, active, inactive])
}

function entry(
  place: { address: string; port: number },
  forward: Forward,
  numbers: readonly (string | undefined)[],
): RealServer {
  const [weight = 0, active = 0, inactive = 0] = numbers.map(count)
  return { id: joinAddress(place.address, place.port), ...place, forward, weight, active, inactive }
}

/**
 * Ticks of the kernel a second (CONFIG_HZ), out of /proc/sys/net/ipv4/route/error_cost, error_burst and redirect_load, one a line: they
 * are raw ticks, and begin as HZ, 5 HZ and HZ / 50 (route.c). `undefined`: they are not there, or somebody has changed them. What
 * `getconf CLK_TCK` says is USER_HZ, which is 100 on all of them.
 */
export function parseHertz(text: string): number | undefined {
  const [cost, burst, load] = text.split('\n').map(count)
  return cost && burst === 5 * cost && load === Math.floor(cost / 50) ? cost : undefined
}

/**
 * `/proc/net/ip_vs`: the table as every user may read it, without rates; addresses, ports and marks are hexadecimal.
 *
 * @param hertz ticks of its kernel a second, by which it counts the time of persistence; without it that is not known
 */
export function parseProcTable(text: string, hertz?: number): VirtualService[] {
  const service = (line: string) => {
    const [, protocol, where = '', scheduler = '', flags = ''] = serviceLine.exec(line) ?? []
    if (!protocol) return undefined
    const place = protocol === 'FWM' ? markOf(where, 16) : splitHex(where)
    return place && made(protocol as Protocol, place, scheduler, flagsOf(flags, hertz))
  }
  const real = (line: string) => {
    const [, where = '', forward, weight, active, inactive] = realLine.exec(line) ?? []
    const place = splitHex(where)
    return place && entry(place, forward as Forward, [weight, active, inactive])
  }
  return collect(text.split('\n'), service, real).sort(inOrder).map(sorted)
}

/** `ops persistent 75000 FFFFFFFF` as ipvsadm says it: `ops persistent 300`, with the mask where that is not each address by itself. */
function flagsOf(flags: string, hertz: number | undefined): string {
  const [, before = '', ticks = '', mask = ''] =
    /^((?:\S+ )*?)persistent (\d{1,20}) ([0-9A-F]{8})$/.exec(flags.trim().slice(0, longestFlags)) ?? []
  if (!ticks) return flags.trim()
  const seconds = hertz === undefined ? '?' : String(Math.round((count(ticks) ?? 0) / hertz))
  return `${before}persistent ${seconds}${maskText(mask)}`
}

/** Characters; there are three words with a number and a mask. */
const longestFlags = 100

/** An IPv4 mask, or the length of an IPv6 prefix in the byte order of the host. */
function maskText(hex: string): string {
  const bytes = hex.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? []
  const length = hex.endsWith('000000') ? bytes[0] : hex.startsWith('000000') ? bytes[3] : undefined
  if (hex === 'FFFFFFFF' || length === 128) return ''
  // A mask of one byte is 255.0.0.0 at the most, and no prefix is longer than 128.
  return ` mask ${length !== undefined && length < 128 ? length : bytes.join('.')}`
}

function splitHex(text: string): { address: string; port: number } | undefined {
  const [, six, four, port] =
    /^(?:\[((?:[0-9a-f]{4}:){7}[0-9a-f]{4})\]|([0-9A-F]{8})):([0-9A-F]{4})$/.exec(text) ?? []
  // the short form of RFC 5952, as ipvsadm shows it
  const address = six
    ? new URL(`http://[${six}]`).hostname.slice(1, -1)
    : four
        ?.match(/../g)
        ?.map((byte) => Number.parseInt(byte, 16))
        .join('.')
  return address === undefined ? undefined : { address, port: Number.parseInt(port ?? '', 16) }
}

/** The kernel's order changes from one look to the next: by protocol, address and port, marks last, as `ipvsadm -Ln`. */
function inOrder(a: { readonly id: string }, b: { readonly id: string }): number {
  return Number(a.id.startsWith('FWM')) - Number(b.id.startsWith('FWM')) || byNumbers(a.id, b.id)
}

function sorted(service: VirtualService): VirtualService {
  return { ...service, reals: [...service.reals].sort(inOrder) }
}

/** What `--stats` or `--rate` counts of services and of real servers; the latter by `SERVICE REAL`. */
export type Counted = ReadonlyMap<string, Traffic>

/** `ipvsadm -Ln --stats --exact` or `--rate --exact`: five numbers behind each name, at whatever column. */
export function parseCounts(text: string): Counted {
  const counted = new Map<string, Traffic>()
  let service: string | undefined
  for (const line of text.split('\n')) {
    const [, protocol, arrow, where, rest = ''] =
      /^(?:(TCP|UDP|SCTP|FWM) +| {2}(->) )(\S+(?: IPv6)?)((?: +\d+){5})\s*$/.exec(line) ?? []
    if (!where) continue
    if (protocol) service = `${protocol} ${where}`
    const [connections = 0, packetsIn = 0, packetsOut = 0, bytesIn = 0, bytesOut = 0] = rest
      .trim()
      .split(/ +/)
      .map(count)
    if (service)
      counted.set(arrow ? `${service} ${where}` : service, {
        connections,
        packetsIn,
        packetsOut,
        bytesIn,
        bytesOut,
      })
  }
  return counted
}

/**
 * A table with what was counted of it. Answers of direct routing and of tunnels do not pass the balancer, so the kernel counts
 * none: that is not known, and not 0. A service has them if one of its real servers has.
 */
export function withTraffic(
  services: readonly VirtualService[],
  counts: Counted,
  rates: Counted,
): VirtualService[] {
  const traffic = (key: string, seen: boolean) => {
    const [count, rate] = [counts.get(key), rates.get(key)]
    return {
      ...(count ? { counts: passing(count, seen) } : {}),
      ...(rate ? { rate: passing(rate, seen) } : {}),
    }
  }
  const passes = ({ forward }: RealServer) => forward === 'Masq' || forward === 'Local'
  return services.map((service) => ({
    ...service,
    ...traffic(service.id, service.reals.some(passes)),
    reals: service.reals.map((real) => ({ ...real, ...traffic(`${service.id} ${real.id}`, passes(real)) })),
  }))
}

function passing({ packetsOut, bytesOut, ...into }: Traffic, seen: boolean): Traffic {
  return seen && packetsOut !== undefined && bytesOut !== undefined ? { ...into, packetsOut, bytesOut } : into
}

/** `ipvsadm -L --daemon`: a line a daemon, nothing where none runs. */
export function parseDaemons(text: string): SyncDaemon[] {
  return [...text.matchAll(/^(master|backup) sync daemon \(mcast=([^,)]+)/gm)].map(
    ([, state, device = '']) => ({
      state: state as SyncDaemon['state'],
      device: label(device),
    }),
  )
}

/** Upper and lower limit of connections by `SERVICE REAL`; 0: none. */
export type Limits = ReadonlyMap<string, { readonly upper: number; readonly lower: number }>

export function withLimits(services: readonly VirtualService[], limits: Limits): VirtualService[] {
  if (!limits.size) return [...services]
  const limited = (service: string, real: RealServer) => {
    const found = limits.get(`${service} ${real.id}`)
    return found?.upper || found?.lower ? { ...real, limits: found } : real
  }
  return services.map((service) => ({
    ...service,
    reals: service.reals.map((real) => limited(service.id, real)),
  }))
}

/** `ipvsadm -Ln --thresholds`. */
export function parseThresholds(text: string): Limits {
  const limits = new Map<string, { upper: number; lower: number }>()
  let service: string | undefined
  for (const line of text.split('\n')) {
    const [, protocol, where] = /^(TCP|UDP|SCTP|FWM) +(\S+(?: IPv6)?)/.exec(line) ?? []
    if (protocol) service = `${protocol} ${where}`
    const [, real, upper, lower] = /^ {2}-> (\S+) +(\d+) +(\d+) +\d+ +\d+\s*$/.exec(line) ?? []
    if (service && real)
      limits.set(`${service} ${real}`, { upper: count(upper) ?? 0, lower: count(lower) ?? 0 })
  }
  return limits
}

/** Without the second line of ipvsadm, which leads astray: docs/internals/lvs.md, "What ipvsadm says when it fails". */
export function refusalText(stderr: string): Label {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() && !/^(Are you sure that|modprobe:)/.test(line))
  return label(lines[0]?.trim() ?? 'ipvsadm failed without a word')
}
