import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { Client, type Entry, ResultCodeError } from 'ldapts'
import { orAborted, within } from '../../hosts/abort.ts'
import type { Place } from '../../hosts/dial.ts'
import { HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import type { LdapAccess, LdapConnection, LdapEntry, OpenLdap, Search } from './facts.ts'
import { ldapRefusal } from './refusal.ts'

/** How a place is reached, with a bound of its own: from this machine, or from the host itself, which takes a connection to that. */
type Dial = (place: Place) => Promise<Duplex>

/** Milliseconds for one question. A hung slapd accepts connections: docs/internals/openldap-freeradius.md, "Hung slapd". */
export const deadline = 1_000

/**
 * Opens connections to a slapd. Each is one connection: when it is lost it is not made anew behind the caller's back.
 *
 * @param access is asked each time, so that a password that was corrected counts from then on; may throw `HostError`
 * @param patience milliseconds for one question
 */
export function ldapOf(host: string, access: () => LdapAccess, dial: Dial, patience = deadline): OpenLdap {
  return async (lost) => {
    try {
      return await open(host, access(), dial, lost, patience)
    } catch (error) {
      throw ldapRefusal(host, error, patience)
    }
  }
}

async function open(
  host: string,
  access: LdapAccess,
  dial: Dial,
  lost: (() => void) | undefined,
  patience: number,
): Promise<LdapConnection> {
  const { scheme, place, startTls, bind } = access
  const raw = await dial(place)
  try {
    let secure = scheme === 'ldaps' ? await overTls(raw, access, patience) : undefined
    const socket = secure ?? raw
    const flood = new FloodGate()
    const client = new Client({
      url: 'ldap://localhost',
      timeout: patience,
      createConnection: (() => flood.guard(established(socket))) as never,
      createSecureConnection: ((options: ConnectionOptions) => {
        secure = connectTls(options)
        return flood.guard(secure)
      }) as never,
    })
    // ldapts bounds the question whether TLS may begin, and not the handshake.
    if (startTls) await within(patience, (late) => orAborted(begunTls(host, client, access), late))
    // Without a name it is anonymous (RFC 4513, 5.1.1), and shows all the same that somebody answers.
    await client.bind(bind?.dn ?? '', bind?.password ?? '')
    return connectionOf(host, client, raw, flood, certifiedUntil(secure), lost, patience)
  } catch (error) {
    raw.destroy()
    throw error
  }
}

/** A server that says no to the question has no TLS; the handshake is another matter. */
async function begunTls(host: string, client: Client, access: LdapAccess): Promise<void> {
  try {
    await client.startTLS(tlsOptions(access))
  } catch (error) {
    if (!(error instanceof ResultCodeError)) throw error
    // Somebody between who takes TLS out of the answers looks the same: never advise to do without.
    const advice = say`give slapd a certificate; if it has one, look who stands between and takes TLS away`
    throw new HostError('refused', host, say`LDAP: it offers no StartTLS (result ${error.code})`, advice)
  }
}

/** Bytes of the answers to what is asked at once: cn=Monitor has some ten thousand. ldapts takes 1 MiB of small entries apart in 0.4 s. */
const longestAnswers = 2 ** 17

/** Ends a connection on which more comes than any of these questions can be answered with: ldapts would keep it all. */
class FloodGate {
  isOverrun = false
  #received = 0
  #asking = 0

  guard<T extends Duplex>(stream: T): T {
    stream.on('data', (data: Buffer) => {
      this.#received += data.length
      if (this.#received <= longestAnswers) return
      this.isOverrun = true
      stream.destroy(new Error('more than was asked for'))
    })
    return stream
  }

  async during<T>(question: () => Promise<T>): Promise<T> {
    if (this.#asking++ === 0) this.#received = 0
    try {
      return await question()
    } finally {
      this.#asking--
    }
  }
}

/** ldapts asks whether what it is given is connected already, which only a socket of Node's own can say. */
function established(socket: Duplex): Duplex {
  if ('readyState' in socket) return socket
  return Object.assign(socket, { connecting: false, readyState: 'open' })
}

function tlsOptions({ place, ca }: LdapAccess): ConnectionOptions {
  const name = 'host' in place ? place.host : 'localhost'
  // An address is no server name (RFC 6066, 3), but it is what the certificate is compared with.
  return { host: name, ...(isIP(name) ? {} : { servername: name }), ...(ca === undefined ? {} : { ca }) }
}

async function overTls(raw: Duplex, access: LdapAccess, patience: number): Promise<TLSSocket> {
  const secure = connectTls({ ...tlsOptions(access), socket: raw })
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  secure.once('secureConnect', () => resolve(secure))
  secure.once('error', reject)
  return await within(patience, (late) => orAborted(promise, late))
}

/** Milliseconds since the epoch. */
function certifiedUntil(secure: TLSSocket | undefined): number | undefined {
  const at = Date.parse(secure?.getPeerCertificate().valid_to ?? '')
  return Number.isNaN(at) ? undefined : at
}

function connectionOf(
  host: string,
  client: Client,
  raw: Duplex,
  flood: FloodGate,
  certifiedUntil: number | undefined,
  lost: (() => void) | undefined,
  patience: number,
): LdapConnection {
  // ldapts does not know it once the connection is wrapped in TLS; and what is lost it would make anew, and ask without having bound.
  let isClosed = false
  raw.once('close', () => {
    if (isClosed) return
    isClosed = true
    lost?.()
  })
  const connectionLost = () => new HostError('unreachable', host, say`LDAP: the connection was lost`)
  return {
    ...(certifiedUntil === undefined ? {} : { certifiedUntil }),
    get closed() {
      return isClosed || raw.destroyed
    },
    search: async (base, { scope = 'base', filter, attributes }: Search) => {
      // The socket is gone before that is told.
      if (isClosed || raw.destroyed) throw connectionLost()
      try {
        const options = { scope, attributes: [...attributes], ...(filter ? { filter } : {}) }
        const asked = flood.during(() => client.search(base, options))
        // The library's own limit does not hold once it has given the connection up.
        const { searchEntries } = await within(2 * patience, (late) => orAborted(asked, late))
        return searchEntries.map(entryOf)
      } catch (error) {
        if (flood.isOverrun) throw new HostError('overflow', host, say`LDAP: it answers without an end`)
        throw isClosed ? connectionLost() : ldapRefusal(host, error, patience)
      }
    },
    close: () => {
      isClosed = true
      void client.unbind().catch(() => {})
      raw.end()
    },
  }
}

function entryOf(entry: Entry): LdapEntry {
  const values = new Map<string, string[]>()
  for (const name in entry) {
    const value = entry[name]
    // What was asked for and is not there comes as an empty list; of cn=Monitor that is nearly all.
    if (name === 'dn' || value === undefined || (Array.isArray(value) && !value.length)) continue
    values.set(name.toLowerCase(), Array.isArray(value) ? value.map(String) : [String(value)])
  }
  return { dn: entry.dn, values }
}
