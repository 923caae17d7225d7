import type { Duplex } from 'node:stream'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { orAborted } from './abort.ts'
import { deadline, whenSilent } from './deadline.ts'
import { dial } from './dial.ts'
import { HostError } from './host.ts'
import { hostKeyAlgorithms, hostKeyError, judgeKey, keyName } from './hostkey.ts'
import { type KnownKey, readKnownHosts, type Verdict } from './known-hosts.ts'
import { label, say } from './label.ts'
import { type Login, prepareLogin } from './login.ts'
import { paced } from './paced.ts'
import { openProxyCommand, type Pipe } from './proxy-command.ts'
import { parseHop, resolveTarget, type SshTarget } from './ssh-config.ts'
import { connectionError, Dropped, isCut } from './ssh-errors.ts'
import type { SshSettings, Surroundings } from './ssh-settings.ts'

/** Bounds of a connection. ssh_config wins over these, except that it cannot make the keepalive interval longer. */
export interface LinkTimes {
  /** Milliseconds until a host is connected, and then of silence until it is logged in to, each hop. Default 5000. */
  readonly connectTimeout?: number
  /** Milliseconds between two questions whether the host is alive. Default 1900, so that a dead one is noticed within 6 s. */
  readonly keepaliveInterval?: number
  /** Unanswered questions that are borne; the next one ends the connection. Default 2. */
  readonly keepaliveCount?: number
}

/** A connection that stands, until `lost` is aborted; its reason is a `HostError`. */
export interface Link {
  readonly client: Client
  readonly readBy: SshTarget['readBy']
  readonly lost: AbortSignal
  /** milliseconds that the host may be silent until it is logged in to */
  readonly patience: number
  /** milliseconds since anything was heard of the host */
  silence(): number
  giveUp(why: HostError): void
  close(): void
}

/** As OpenSSH has no bound, this only stops a configuration that goes in circles. */
const MAX_HOPS = 8

/**
 * Connects to a host, through its jump hosts or its ProxyCommand. Each hop is resolved, verified and logged in to
 * like a host of its own.
 *
 * @param host name for errors
 * @throws {HostError} `unreachable`, `hostkey`, `auth`
 * @throws {Dropped} `unreachable`, where another try may be let in
 */
export async function openLink(
  settings: SshSettings,
  times: LinkTimes,
  surroundings: Surroundings,
  signal: AbortSignal,
  host = settings.name,
  depth = 0,
): Promise<Link> {
  if (depth > MAX_HOPS) throw new HostError('unreachable', host, label('ProxyJump goes in circles'))
  const target = await resolveTarget(settings, surroundings, signal)
  const login = await prepareLogin(target, settings.password)
  const known = await readKnownHosts(target.knownHostsFiles)
  const hopTo = (hop: SshSettings) => openLink(hop, times, surroundings, signal, host, depth + 1)
  const way = await openWay(host, settings, target, hopTo, connectTimeout(target, times), signal)
  try {
    signal.throwIfAborted()
    // At once: nobody listens yet to how the way ends.
    return await handshake(host, target, times, way, login, known, signal)
  } catch (error) {
    way.close()
    throw error
  }
}

/** What carries the connection: a socket, a channel of the hop before, or a command. */
interface Way {
  readonly stream: Duplex
  /** milliseconds of silence that are borne in key exchange and log in */
  readonly timeout: number
  readonly lost?: AbortSignal
  readonly complaint?: Pipe['complaint']
  close(): void
}

async function openWay(
  host: string,
  settings: SshSettings,
  target: SshTarget,
  hopTo: (hop: SshSettings) => Promise<Link>,
  timeout: number,
  signal: AbortSignal,
): Promise<Way> {
  const { proxy } = target
  if (proxy.kind === 'none') return direct(host, target, timeout, signal)
  if (proxy.kind === 'command') {
    const { stream, ...pipe } = openProxyCommand(proxy.command)
    return { stream: paced(stream), timeout, ...pipe }
  }
  const link = await hopTo(lastHop(host, settings, proxy.hops))
  try {
    const stream = paced(await forward(host, link, target, timeout))
    return { stream, timeout, lost: link.lost, close: link.close }
  } catch (error) {
    link.close()
    throw error
  }
}

async function direct(host: string, target: SshTarget, timeout: number, signal: AbortSignal): Promise<Way> {
  const late = new AbortController()
  const callOff = deadline(timeout, () => late.abort())
  try {
    const ends = AbortSignal.any([signal, late.signal])
    const socket = await dial({ host: target.address, port: target.port }, ends)
    // Without it each command waits for the other side's delayed acknowledgements, 2 x 40 ms.
    socket.setNoDelay(true)
    return { stream: paced(socket), timeout, close: () => socket.destroy() }
  } catch (error) {
    signal.throwIfAborted()
    const why = connectionError(host, target, late.signal.aborted ? new Error(lateText) : (error as Error))
    throw isCut(error as Error) ? new Dropped(why) : why
  } finally {
    callOff()
  }
}

/** As ssh2 says it. */
const lateText = 'Timed out while waiting for handshake'

/** `a,b` means b, reached through a; as OpenSSH, a hop's own ProxyJump holds only for the first. */
function lastHop(host: string, settings: SshSettings, hops: readonly string[]): SshSettings {
  const text = hops.at(-1) ?? ''
  const hop = parseHop(text)
  if (!hop) throw new HostError('unreachable', host, say`ProxyJump ${label(text)} is not [user@]host[:port]`)
  const before = hops.slice(0, -1).join(',')
  return {
    ...hop,
    ...(before && { proxyJump: before }),
    ...(settings.configFile !== undefined && { configFile: settings.configFile }),
    ...(settings.knownHosts !== undefined && { knownHosts: settings.knownHosts }),
  }
}

/** A channel from the hop to the target; the hop itself would try for minutes when the target's packets are dropped. */
async function forward(
  host: string,
  { client, lost }: Link,
  target: SshTarget,
  timeout: number,
): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const refused = (error: Error) => reject(connectionError(host, target, error))
  const late = () => refused(new Error(lateText))
  const callOff = deadline(timeout, late)
  try {
    client.forwardOut('127.0.0.1', 0, target.address, target.port, (error, channel) => {
      if (error) refused(new Error(`not reached from the jump host: ${error.message}`))
      else resolve(channel)
    })
    return await orAborted(promise, lost)
  } finally {
    callOff()
  }
}

function connectTimeout(target: SshTarget, times: LinkTimes): number {
  return target.connectTimeout || (times.connectTimeout ?? 5000)
}

async function handshake(
  host: string,
  target: SshTarget,
  times: LinkTimes,
  way: Way,
  login: Login,
  known: readonly KnownKey[],
  signal: AbortSignal,
): Promise<Link> {
  const name = keyName(target)
  const client = new ssh2.Client()
  const lost = new AbortController()
  let verdict: Verdict | undefined
  let heardAt = performance.now()
  let hasGreeted = false
  const lose = (why: () => HostError) => {
    if (!lost.signal.aborted) lost.abort(why())
    client.destroy()
    way.close()
  }
  const cancel = () => lose(() => new HostError('cancelled', host, label('closed')))
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {}) // it may fail before it is waited for
  lost.signal.addEventListener('abort', () => ready.reject(lost.signal.reason), { once: true })
  way.lost?.addEventListener('abort', () => lose(() => way.lost?.reason as HostError), { once: true })
  signal.addEventListener('abort', cancel, { once: true })
  client.on('ready', ready.resolve)
  client.on('error', (error) => {
    if (isOnlyOneKey(error)) login.note(label(error.message))
    else
      lose(() => {
        const why = explain(host, target, way, login, verdict, error)
        return !hasGreeted && isCut(error) ? new Dropped(why) : why
      })
  })
  const loseFor = (text: string) => lose(() => explain(host, target, way, login, verdict, new Error(text)))
  const closed = () => loseFor('the host closed the connection')
  client.on('end', closed).on('close', closed)
  const callOff = whenSilent(
    way.timeout,
    () => heardAt,
    () => loseFor(lateText),
  )
  try {
    client.connect({
      ...connectConfig(target, times, login, way),
      algorithms: { serverHostKey: hostKeyAlgorithms(known, name, target.hostKeyAlgorithms) },
      hostVerifier: (key: Buffer, accept: (isRight: boolean) => void) => {
        judgeKey(target, known, key)
          .then((judged) => {
            verdict = judged
            accept(judged.state === 'ok')
          })
          .catch((error: Error) => lose(() => connectionError(host, target, error)))
      },
    })
    way.stream.on('data', (piece: Buffer) => {
      heardAt = performance.now()
      // Before it there may be other lines, by which it says why it does not: RFC 4253, 4.2.
      hasGreeted ||= piece.includes('SSH-')
    })
    await ready.promise
  } catch (error) {
    lose(() => connectionError(host, target, error instanceof Error ? error : new Error(String(error))))
    throw lost.signal.reason
  } finally {
    callOff()
    signal.removeEventListener('abort', cancel)
  }
  const silence = () => performance.now() - heardAt
  const giveUp = (why: HostError) => lose(() => why)
  const patience = connectTimeout(target, times)
  return { client, readBy: target.readBy, lost: lost.signal, patience, silence, giveUp, close: cancel }
}

function connectConfig(target: SshTarget, times: LinkTimes, login: Login, way: Way): ConnectConfig {
  return {
    username: target.user,
    // Its own ends a host that is slow, and one whose answers this process had no time to read.
    readyTimeout: 0,
    // an interval of minutes, as is usual against firewalls, would hide a dead host; 0 would end the watch
    keepaliveInterval: Math.min(target.keepaliveInterval || Infinity, times.keepaliveInterval ?? 1900),
    keepaliveCountMax: Math.max(1, target.keepaliveCount ?? times.keepaliveCount ?? 2),
    authHandler: login.next,
    sock: way.stream as NonNullable<ConnectConfig['sock']>,
  }
}

/** Errors after which ssh2 goes on with the next key: the agent is not there, or cannot sign. */
function isOnlyOneKey(error: Error & { level?: string }): boolean {
  return error.level === 'agent' || /^Error (while )?signing/.test(error.message)
}

function explain(
  host: string,
  target: SshTarget,
  way: Way,
  login: Login,
  verdict: Verdict | undefined,
  error: Error & { level?: string },
): HostError {
  if (verdict && verdict.state !== 'ok') return hostKeyError(host, target, verdict)
  if (error.level === 'client-authentication') return login.refused(host)
  if (/too many authentication failures/i.test(error.message))
    return login.refused(host, label(error.message))
  const complaint = way.complaint?.() ?? label('')
  return complaint
    ? connectionError(host, target, new Error(complaint))
    : connectionError(host, target, error)
}
