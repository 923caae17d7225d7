import type { ConfiguredReal } from './facts.ts'

/** A host and a port as they are written; of IPv6 without brackets. */
export interface HostPort {
  readonly host: string
  readonly port?: string
}

/** What stands behind the address and port of a virtual service is not read. */
export function virtualPlaceOf(
  text: string,
  family: 4 | 6,
): Required<HostPort> | { readonly mark: string } | undefined {
  const [, host, port] = /^([\w.+-]+):([\w-]+)/.exec(text) ?? []
  if (host && port) return { host, port }
  const mark = /^\d+/.exec(text)?.[0]
  if (mark) return { mark }
  const [, six, port6] = (family === 6 && /^\[([0-9A-Fa-f:]+)\]:([\w-]+)/.exec(text)) || []
  return six && port6 ? { host: six, port: port6 } : undefined
}

/** Each word of a text with the blanks behind it, as Perl takes blanks. */
const words = /([^\t-\r ]+)([\t-\r ]*)/g

const forwards: ReadonlyMap<string, ConfiguredReal['forward']> = new Map([
  ['gate', 'Route'],
  ['masq', 'Masq'],
  ['ipip', 'Tunnel'],
])

/** `127.0.0.1:80 gate`; of more words the last two count, as in `parse_fallback` of ldirectord 4.12. `undefined`: no way of forwarding. */
export function fallbackPlaceOf(
  text: string,
): (HostPort & { readonly forward: ConfiguredReal['forward'] }) | undefined {
  const all = [...text.matchAll(words)].map(([, word = '']) => word)
  const [server = '', way = ''] = all.length > 1 ? all.slice(-2) : all
  const forward = way && way !== '0' ? forwards.get(way) : 'Route'
  const port = /:([\w-]+)$/.exec(server)?.[1]
  const host = port === undefined ? server : server.slice(0, -port.length - 1)
  return forward && { host: unbracketed(host), ...(port === undefined ? {} : { port }), forward }
}

/** What stands behind `real=`: `10.9.0.11:389 gate 4`, `sql01->sql03:3306 masq`. */
interface RealLine {
  readonly host: string
  /** the end of a range */
  readonly last?: string
  readonly port: string
  readonly forward: ConfiguredReal['forward']
  readonly weight: number
}

/** Characters: no name with its port is longer, nor two of them. */
const longestPlace = 600
const host = String.raw`\d+\.\d+\.\d+\.\d+|[A-Za-z0-9.-]+|\[[0-9A-fa-f:]+\]`
const place = new RegExp(`(${host})(?:->(${host}))?(?::([\\w-]+))?$`)

/** `undefined`: ldirectord would refuse it, for its place (`_ld_read_config_real_resolve`) or for what stands behind (`add_real_server`). */
export function realOf(text: string): RealLine | undefined {
  for (const { 0: all, 1: word = '', 2: blanks, index } of text.matchAll(words)) {
    const [, first, last, port = '0'] = (blanks && place.exec(word.slice(-longestPlace))) || []
    if (first === undefined) continue
    const flags = flagsOf(text.slice(index + all.length))
    const range = last === undefined ? {} : { last: unbracketed(last) }
    return flags && { host: unbracketed(first), ...range, port, ...flags }
  }
  return undefined
}

/** `gate 4 "request", "receive" l:10 u:20`: each is looked for behind the one before, and nothing may be left over. */
function flagsOf(text: string): Pick<RealLine, 'forward' | 'weight'> | undefined {
  const [, way = '', behind = ''] = /(\w+)(.*)/s.exec(text) ?? []
  const forward = forwards.get(way)
  let rest = behind
  const next = (form: RegExp): string | undefined => {
    const [, found, after = ''] = form.exec(rest) ?? []
    if (found !== undefined) rest = after
    return found
  }
  const weight = Number(next(/[\t-\r ](\d{1,20})(?!\d)(.*)/s) ?? 1)
  rest = withoutCheck(rest)
  next(/[\t-\r ]l:(\d+)(.*)/s)
  next(/[\t-\r ]u:(\d+)(.*)/s)
  return forward && /^[\t-\r ]*$/.test(rest) ? { forward, weight } : undefined
}

/**
 * What is left behind `"request", "receive"`: from the first quotation mark behind a blank to the last one, with two in between that have
 * only a comma or blanks between them. By hand, since a regular expression would run back again and again.
 */
function withoutCheck(text: string): string {
  const begin = text.search(/[\t-\r ]"/) + 1
  const end = text.lastIndexOf('"')
  if (!begin) return text
  for (let from = end; ; ) {
    const opens = text.lastIndexOf('"', from - 1)
    const closes = text.lastIndexOf('"', opens - 1)
    if (opens <= begin || closes <= begin) return text
    if (/^[, ][\t-\r ]*$/.test(text.slice(closes + 1, opens))) return text.slice(end + 1)
    from = opens
  }
}

/** What stands in brackets, if anything does (`ld_gethostbyname`). */
function unbracketed(text: string): string {
  const [begin, end] = [text.indexOf('['), text.lastIndexOf(']')]
  return begin >= 0 && end > begin ? text.slice(begin + 1, end) : text
}

/** The addresses from one to another: what is in between is counted over all four numbers. `undefined`: the last stands before the first. */
export function rangeOf(first: string, last: string, most: number): string[] | undefined {
  const [from, to] = [numberOf(first), numberOf(last)]
  if (from > to) return undefined
  // ldirectord compares them as texts (add_real_server_range).
  const found: string[] = []
  for (let i = from; String(i) <= String(to) && found.length < most; i++) found.push(addressOf(i))
  return found
}

const numberOf = (address: string) => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
const addressOf = (number: number) =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.')
