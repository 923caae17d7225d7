import { isIPv4, isIPv6 } from 'node:net'
import { asTheKernel } from '../../hosts/address.ts'
import type { Addresses } from './facts.ts'

/**
 * Names of ports where no balancer is asked, or has no getent: /etc/services of Debian 12, as far as it is served behind LVS.
 */
const tcp = new Map(
  Object.entries({
    ...{
      ftp: 21,
      ssh: 22,
      telnet: 23,
      smtp: 25,
      mail: 25,
      domain: 53,
      http: 80,
      www: 80,
      kerberos: 88,
      pop3: 110,
    },
    ...{
      'pop-3': 110,
      nntp: 119,
      imap: 143,
      imap2: 143,
      ldap: 389,
      https: 443,
      submissions: 465,
      smtps: 465,
    },
    ...{
      submission: 587,
      ldaps: 636,
      rsync: 873,
      ftps: 990,
      imaps: 993,
      pop3s: 995,
      openvpn: 1194,
      radius: 1812,
    },
    ...{
      'radius-acct': 1813,
      radacct: 1813,
      nfs: 2049,
      mysql: 3306,
      sip: 5060,
      'sip-tls': 5061,
      postgresql: 5432,
    },
    ...{ postgres: 5432, amqp: 5672, redis: 6379, 'http-alt': 8080, webcache: 8080 },
  }),
)
const udp = new Map(
  Object.entries({
    ...{
      domain: 53,
      tftp: 69,
      kerberos: 88,
      ntp: 123,
      ldap: 389,
      https: 443,
      isakmp: 500,
      syslog: 514,
      ldaps: 636,
    },
    ...{
      openvpn: 1194,
      radius: 1812,
      'radius-acct': 1813,
      radacct: 1813,
      nfs: 2049,
      sip: 5060,
      'sip-tls': 5061,
    },
  }),
)
const usual = new Map([
  ['tcp', tcp],
  ['udp', udp],
  ['any', new Map([...udp, ...tcp])],
])

/** `any`: of whatever protocol comes first; `fwm`: ldirectord asks so under a firewall mark, and there is none. */
export type PortProtocol = 'tcp' | 'udp' | 'fwm' | 'any'

/** What names of hosts and ports stand for, and which of them there are: what is asked for is remembered. */
export class Names {
  /** as `FAMILY NAME` */
  readonly hosts = new Set<string>()
  /** as `PROTOCOL NAME` */
  readonly ports = new Set<string>()
  readonly #addresses: Addresses | undefined

  constructor(addresses: Addresses | undefined) {
    this.#addresses = addresses
  }

  /** The address as the kernel writes it; `undefined`: no address of this family. A name that nobody has looked up stays as it is. */
  address(host: string, family: 4 | 6): string | undefined {
    // Socket6 takes no name for the machine itself.
    if (!host) return family === 6 ? '::1' : '127.0.0.1'
    if (isIPv4(host)) return family === 4 ? host : undefined
    if (isIPv6(host)) return family === 6 ? asTheKernel(host) : undefined
    if (host.includes(':')) return undefined
    const key = `${family} ${host}`
    this.hosts.add(key)
    return this.#addresses ? this.#addresses.get(key) : host
  }

  /** Digits as they stand there, or those of a name; `undefined`: no port. */
  port(port: string, protocol: PortProtocol): string | undefined {
    if (/^\d+$/.test(port)) return Number(port) < 65_536 ? port : undefined
    const key = `${protocol} ${port}`
    this.ports.add(key)
    const known = this.#addresses?.get(key) ?? usual.get(protocol)?.get(port)
    return known ? String(known) : undefined
  }
}
