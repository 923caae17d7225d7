import { HostError } from '../../hosts/host.ts'
import { type Label, label, say } from '../../hosts/label.ts'
import { type AccountingRecord, accountingAttributes } from './accounting.ts'
import { freeradius, integer, text, types, vendorAttribute } from './attributes.ts'
import type { LoginOutcome, RadiusSettings, RadiusStatistics } from './facts.ts'
import { codes, encodeRequest, openAnswer, type Packet } from './packet.ts'
import { PacketError, type PacketErrorKind } from './packet-error.ts'
import { allStatistics, own, parseReplyMessage, parseStatistics, parseStatisticsError } from './parse.ts'
import type { RadiusWire } from './wire.ts'

export interface RadiusAsking {
  /** the name, for errors */
  readonly host: string
  readonly wire: RadiusWire
  readonly settings: RadiusSettings
  readonly signal: AbortSignal
}

/** Milliseconds for one answer. FreeRADIUS holds a rejection back: 1 s by default, with 1 028 ms measured (`reject_delay`). */
const patience = { status: 1_000, login: 2_500, accounting: 2_000 } as const

/** Who asks. */
const asker = text(types.nasIdentifier, 'vdd')

/** What is asked of which port, and what it may be when nothing is heard. */
interface Question {
  readonly port: number
  readonly secret: string
  readonly request: Buffer
  /** milliseconds */
  readonly timeout: number
  readonly silence: Label
}

/**
 * Whether the server answers Status-Server (RFC 5997): milliseconds to the answer. Without an `Autz-Type Status-Server` it answers with
 * a rejection, which is as good. Throws `HostError`.
 */
export async function askStatus(asking: RadiusAsking): Promise<number> {
  const { port, secret } = asking.settings
  const { ms } = await exchange(asking, {
    port,
    secret,
    request: encodeRequest(codes.statusServer, secret, [asker]),
    timeout: patience.status,
    silence: say`is the secret right, and this console a client of it (clients.conf), with status_server = yes?`,
  })
  return ms
}

/** What the server has counted; `undefined`: no port for it is configured. Throws `HostError`. */
export async function askStatistics(asking: RadiusAsking): Promise<RadiusStatistics | undefined> {
  const { host, settings } = asking
  const { statusPort: port, statusSecret: secret = settings.secret } = settings
  if (port === undefined) return undefined
  const wanted = vendorAttribute(freeradius, integer(own['Statistics-Type'], allStatistics))
  const { attributes } = (
    await exchange(asking, {
      port,
      secret,
      request: encodeRequest(codes.statusServer, secret, [asker, wanted]),
      timeout: patience.status,
      silence: say`is the secret right, and this console a client of its "type = status" listener?`,
    })
  ).answer
  const statistics = parseStatistics(attributes)
  if (statistics) return statistics
  const error = parseStatisticsError(attributes)
  if (error !== undefined) throw new HostError('refused', host, say`no statistics: ${error}`)
  const advice = say`is it the port of a "type = status" listener?`
  throw new HostError('refused', host, say`port ${port} answers without statistics`, advice)
}

/**
 * Logs the test account in, by its password (PAP); `undefined`: none is configured. A server that works and rejects it is an
 * outcome; throws `HostError` where there is no answer.
 */
export async function tryLogin(asking: RadiusAsking): Promise<LoginOutcome | undefined> {
  const { port, secret, login } = asking.settings
  if (!login) return undefined
  const { answer, ms } = await exchange(asking, {
    port,
    secret,
    request: loginRequest(asking.host, secret, login),
    timeout: patience.login,
    silence: say`does what is behind it hang? or is the secret wrong, or this console no client of it (clients.conf)?`,
  })
  if (answer.code === codes.accessAccept) return { ok: true, ms }
  const words = parseReplyMessage(answer.attributes)
  const said = words === undefined ? say`` : say` ("${words}")`
  if (answer.code === codes.accessReject)
    return { ok: false, why: say`rejects the test account${said}: is the LDAP behind it there?` }
  if (answer.code === codes.accessChallenge)
    return { ok: false, why: say`wants more than a password of the test account (Access-Challenge)${said}` }
  return {
    ok: false,
    why: say`answers the login with a packet of code ${answer.code}, which is no answer to it`,
  }
}

/** Tells the server one line of the account, and resolves when it has taken it (RFC 2866, 2). Throws `HostError`: it may have, or may not. */
export async function tellAccounting(
  asking: RadiusAsking,
  record: AccountingRecord,
  now: number,
): Promise<void> {
  const { port, secret } = asking.settings
  const { answer } = await exchange(asking, {
    port,
    secret,
    request: encodeRequest(codes.accountingRequest, secret, accountingAttributes(record, now)),
    timeout: patience.accounting,
    silence: say`is the secret right, this machine a client of it (clients.conf), and port ${port} one of accounting?`,
  })
  if (answer.code !== codes.accountingResponse)
    throw new HostError(
      'refused',
      asking.host,
      say`answers with a packet of code ${answer.code}, which is none of accounting`,
    )
}

function loginRequest(host: string, secret: string, login: { user: string; password: string }): Buffer {
  const words = [text(types.userName, login.user), text(types.userPassword, login.password)]
  try {
    return encodeRequest(codes.accessRequest, secret, [...words, asker])
  } catch (error) {
    if (!(error instanceof PacketError)) throw error
    const advice = say`at most 253 bytes and 128 bytes`
    throw new HostError(
      'refused',
      host,
      say`the test account's name or password is too long for RADIUS`,
      advice,
    )
  }
}

async function exchange(
  { host, wire, settings, signal }: RadiusAsking,
  { port, secret, request, timeout, silence }: Question,
): Promise<{ readonly answer: Packet; readonly ms: number }> {
  const heard: Partial<Record<PacketErrorKind, number>> = {}
  let opened: { readonly datagram: Buffer; readonly packet: Packet } | undefined
  const open = (datagram: Buffer): Packet | undefined => {
    // The wire has just shown it.
    if (opened?.datagram === datagram) return opened.packet
    try {
      opened = { datagram, packet: openAnswer(datagram, request, secret) }
      return opened.packet
    } catch (error) {
      const kind = error instanceof PacketError ? error.kind : 'garbage'
      heard[kind] = (heard[kind] ?? 0) + 1
      return undefined
    }
  }
  const to = { address: settings.address, port }
  const began = performance.now()
  const datagram = await wire(to, request, (bytes) => open(bytes) !== undefined, timeout, signal).catch(
    (error: unknown) => {
      throw signal.aborted ? signal.reason : unreachable(host, to, error)
    },
  )
  const ms = performance.now() - began
  // Whatever brought it: it is looked at here.
  const answer = datagram && open(datagram)
  if (answer) return { answer, ms }
  const { forged = 0, garbage = 0 } = heard
  if (forged)
    throw new HostError(
      'refused',
      host,
      say`answers, but with a wrong authenticator`,
      say`is the shared secret the right one? ${forged} of ${forged + garbage} answers`,
    )
  if (garbage)
    throw new HostError('refused', host, say`answers with garbage`, say`is port ${port} one of RADIUS?`)
  throw new HostError('timeout', host, say`no answer in ${timeout / 1000} s`, silence)
}

/** Why a packet could not be brought there, by the code of the system's error. */
function unreachable(
  host: string,
  { address, port }: { address: string; port: number },
  error: unknown,
): HostError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  if (code === 'ECONNREFUSED')
    return new HostError(
      'unreachable',
      host,
      say`nothing listens on port ${port}`,
      say`does FreeRADIUS run there?`,
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new HostError('unreachable', host, say`the name ${label(address)} has no address (${label(code)})`)
  return new HostError(
    'unreachable',
    host,
    say`${label(address)} port ${port} cannot be reached (${label(code)})`,
  )
}
