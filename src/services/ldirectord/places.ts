import { asTheKernel, joinAddress } from '../../hosts/address.ts'
import type { ConfiguredReal } from './facts.ts'

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

/** What stands behind the address and port of a virtual service is not read. */
export function virtualPlaceOf(text: string, family: 4 | 6): string | undefined {
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
  if (!host || number === undefined) return undefined
  return joinAddress(asTheKernel(host.replace(/^\[|\]$/g, '')), number)
}

/**
 * `127.0.0.1:80 gate`, as the kernel's table has it: with masq and under a firewall mark it has a port of its own, with the others that
 * of the service (seen with ipvsadm 1.31).
 */
export function fallbackOf(text: string | undefined, virtual: string): string | undefined {
  const [server = '', forward] = text?.trim().split(/\s+/) ?? []
  const port = /:(\d+)$/.exec(virtual)?.[1]
  const own = placeOf(server)
  if (own && (forward === 'masq' || port === undefined)) return own
  return placeOf(`${own ? own.replace(/:\d+$/, '') : server}:${port ?? 0}`)
}

/** Characters: no line of a real server is longer. */
const longestReal = 2_000

/** `10.9.0.11:389 gate 4`; `192.168.6.2->192.168.6.4:80 masq` are three. Under a firewall mark the port may be missing. */
export function realsOf(text: string, line: number): ConfiguredReal[] {
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
