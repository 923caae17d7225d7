import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientChannel } from 'ssh2'
import { orAborted } from '../../../hosts/abort.ts'
import { collect } from '../../../hosts/collect.ts'
import { type Argv, HostError, type Output } from '../../../hosts/host.ts'
import { type Link, openLink } from '../../../hosts/link.ts'
import { LoginRefused } from '../../../hosts/login.ts'
import { killText, RemoteCommand, remoteText } from '../../../hosts/remote-command.ts'
import { ownSurroundings } from '../../../hosts/ssh-config.ts'
import { Dropped } from '../../../hosts/ssh-errors.ts'
import type { Obeyed, Wish } from '../opening.ts'
import { Carrier } from '../x11/carrier.ts'
import { type DesktopEntry, execWords, parseEntries } from './desktop-entry.ts'
import { ChannelFailure } from './failure.ts'
import { loadScript } from './load.ts'
import { lockScript } from './lock.ts'

/** A line that is cut for less than two minutes comes back, and nothing of the session is lost. */
const patience = { keepaliveInterval: 5_000, keepaliveCount: 24, connectTimeout: 15_000 }
/** Milliseconds without a word of the machine, after which one answer at least is late. */
const mostSilent = 8_000
/** Where session managers are told of. */
const places = ['/usr/local/share/xsessions', '/usr/share/xsessions'] as const
/** milliseconds */
const timeout = 15_000
/** Bytes of what tells the load: more processes nobody has, and what is more would hold up the session while it is read. */
const mostOfLoad = 2 ** 19

/** The machine whose session is shown, reached as the person. */
export class Machine {
  readonly #link: Link
  readonly #name: string

  constructor(link: Link, name: string) {
    this.#link = link
    this.#name = name
  }

  /** is aborted with a `HostError` when the connection has gone */
  get lost(): AbortSignal {
    return this.#link.lost
  }

  /** It does not answer now: it may be off, or the line to it cut. */
  get isSilent(): boolean {
    return this.#link.silence() > mostSilent
  }

  close(): void {
    this.#link.close()
  }

  /** The session managers that are installed there, by their names. */
  async sessions(): Promise<DesktopEntry[]> {
    const { stdout } = await this.#run([
      'find',
      '-L',
      ...places,
      ...['-maxdepth', '1', '-name', '*.desktop', '-size', '-64k'],
      ...['-exec', 'grep', '-aH', '', '{}', '+'],
    ])
    const all = parseEntries(stdout)
    const programs = [...new Set(all.map(programOf).filter((one) => one !== undefined))]
    if (!programs.length) return []
    const test = 'for one do command -v -- "$one" >/dev/null && printf "%s\\n" "$one"; done; exit 0'
    const found = (await this.#run(['sh', '-c', test, 'sh', ...programs])).stdout.split('\n')
    const isThere = (entry: DesktopEntry) => found.includes(programOf(entry) ?? '')
    return all.filter(isThere).toSorted((a, b) => a.name.localeCompare(b.name))
  }

  /** Starts a session whose windows go to a display of this machine, with a cookie of its own. */
  async start(entry: DesktopEntry, display: number, cookie: Buffer): Promise<Session> {
    const { client, lost } = this.#link
    const carrier = new Carrier(display, cookie)
    client.on('x11', (_info, accept) => carrier.carry(accept() as ClientChannel))
    const argv = sessionArgv(entry)
    const x11 = {
      single: false,
      screen: 0,
      protocol: 'MIT-MAGIC-COOKIE-1',
      cookie: carrier.cookie.toString('hex'),
    }
    const channel = await this.#exec(remoteText(argv), { x11 })
    return new Session(new RemoteCommand(channel, lost, (group) => this.#signal(killText([group]))), {
      terminate: (group) => this.#signal(`kill -s TERM -- -${group}`),
      lock: async (group) => (await this.#run(['sh', '-c', lockScript, 'sh', String(group)])).code,
    })
  }

  /** What `loadScript` prints there. */
  async load(): Promise<string> {
    return (await this.#run(['sh', '-c', loadScript], mostOfLoad)).stdout
  }

  /** The last lines of what the session's programs have said, where Xsession writes it: Xsession(5). */
  async lastWords(): Promise<string> {
    const { stdout } = await this.#run(['sh', '-c', 'tail -n 5 -- "$HOME/.xsession-errors"'])
    return stdout
  }

  #run(argv: Argv, limit?: number): Promise<Output> {
    const open = async () =>
      new RemoteCommand(await this.#exec(remoteText(argv), {}), this.#link.lost, (group) =>
        this.#signal(killText([group])),
      )
    return collect(this.#name, argv, { timeout, ...(limit === undefined ? {} : { limit }) }, open)
  }

  async #signal(text: string): Promise<void> {
    if (this.#link.lost.aborted) return
    const channel = await this.#exec(text, {}).catch(() => undefined)
    const { promise, resolve } = Promise.withResolvers<void>()
    channel?.resume().on('close', resolve)
    channel?.stderr.resume()
    if (!channel) resolve()
    await promise
  }

  async #exec(text: string, options: { x11?: object }): Promise<ClientChannel> {
    const { client, lost } = this.#link
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
    try {
      client.exec(text, options, (error, channel) => (error ? reject(whyNoX11(error)) : resolve(channel)))
    } catch (error) {
      reject(lost.aborted ? lost.reason : error)
    }
    return await orAborted(promise, lost)
  }
}

/** What is done to a session from beside it, by its process group. */
interface Ways {
  readonly terminate: (group: number) => Promise<void>
  /** resolves with the status of `lockScript` */
  readonly lock: (group: number) => Promise<number | null>
}

/** A session manager that runs on the machine. */
export class Session {
  readonly #command: RemoteCommand
  readonly #ways: Ways
  #words = ''

  constructor(command: RemoteCommand, ways: Ways) {
    this.#command = command
    this.#ways = ways
    const keep = (text: string) => {
      this.#words = (this.#words + text).slice(-mostWords)
    }
    command.stdout.resume()
    command.stderr.setEncoding('utf8').on('data', keep)
    command.stdin.end()
  }

  /** its exit status; rejects when the machine was lost */
  get ended(): Promise<{ readonly code: number | null }> {
    return this.#command.ended
  }

  /** what it has said last */
  get words(): string {
    return this.#words
  }

  /** Asks all of it to end. */
  async ask(): Promise<void> {
    const group = await this.#command.stderr.group(0)
    if (group !== undefined) await this.#ways.terminate(group)
  }

  /** Locks its screen, by what its desktop has for that. */
  async lock(): Promise<Obeyed> {
    const group = await this.#command.stderr.group(0)
    const code = group === undefined ? undefined : await this.#ways.lock(group)
    return code === 0 ? { done: true } : { refused: nothingLocks }
  }

  /** Ends it. */
  end(): void {
    this.#command.kill()
  }
}

const nothingLocks =
  'nothing on its machine locks this desktop: it has no xscreensaver, no screen saver of its own, and none that hears logind'

/** characters */
const mostWords = 2000

/**
 * The words that become the session: by the machine's own Xsession, which makes ready what its distribution wants (D-Bus, keyboard, resources), else directly.
 * That takes one word with the whole command, which it splits at blanks.
 */
function sessionArgv({ id, exec, desktopNames = id }: DesktopEntry): Argv {
  const words = execWords(exec)
  if (!words) throw new ChannelFailure('no-session', `${id}: its Exec line is not understood: ${exec}`)
  const script = [
    'export DESKTOP_SESSION="$1" XDG_SESSION_DESKTOP="$1" XDG_CURRENT_DESKTOP="$2" XDG_SESSION_TYPE=x11',
    'plain=$3; shift 3; cd || exit',
    'for one in /etc/X11/Xsession /etc/X11/xinit/Xsession; do',
    '  [ -n "$plain" ] && [ -x "$one" ] && exec "$one" "$plain"',
    'done',
    'exec "$@"',
  ].join('\n')
  const isPlain = words.every((word) => /^[A-Za-z0-9_@%+:,./=-]+$/.test(word))
  return ['sh', '-c', script, 'sh', id, desktopNames, isPlain ? words.join(' ') : '', ...words]
}

function programOf({ exec, tryExec }: DesktopEntry): string | undefined {
  return tryExec ?? execWords(exec)?.[0]
}

function whyNoX11(error: Error): Error {
  if (!/X11/.test(error.message)) return error
  return new ChannelFailure(
    'no-x11',
    `the machine allows no X11 forwarding: ${error.message}`,
    'X11Forwarding yes in its sshd_config, and apt-get install xauth there',
  )
}

/** Milliseconds of the pauses, at most, before it is tried again where sshd has too many at its door: it lets no more than ten in at once, as it is installed. */
const usualPauses = [1000, 3000] as const

/**
 * Connects as the person.
 *
 * @param pauses milliseconds at most before each further try, where sshd closes the connection at the door
 * @throws {ChannelFailure} `unreachable`, `hostkey`, `auth`, `cancelled`
 * @throws {LoginRefused} no key was taken, and a password would be
 */
export async function connectMachine(
  { name, address, user, port }: Wish['machine'],
  password: string | undefined,
  signal: AbortSignal,
  pauses: readonly number[] = usualPauses,
): Promise<Machine> {
  const settings = {
    name,
    ...(address === undefined ? {} : { address }),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(password === undefined ? {} : { password }),
  }
  for (let tried = 0; ; tried++) {
    try {
      return new Machine(await openLink(settings, patience, ownSurroundings(), signal), name)
    } catch (error) {
      if (error instanceof LoginRefused && error.takesPassword) throw error
      const pause = pauses[tried]
      if (!(error instanceof Dropped) || pause === undefined || signal.aborted) throw asFailure(error)
      // Not all of those who were sent away together.
      await sleep(pause * (0.3 + 0.7 * Math.random()), undefined, { signal }).catch(() => {})
    }
  }
}

const kinds = {
  unreachable: 'unreachable',
  timeout: 'unreachable',
  hostkey: 'hostkey',
  auth: 'auth',
  cancelled: 'cancelled',
} as const

/** What went wrong on the way to a machine, or there. */
export function asFailure(error: unknown): ChannelFailure {
  if (error instanceof ChannelFailure) return error
  if (error instanceof HostError)
    return new ChannelFailure(
      kinds[error.kind as keyof typeof kinds] ?? 'other',
      `${error.host}: ${error.reason}`,
      error.advice,
    )
  return new ChannelFailure('other', error instanceof Error ? error.message : String(error))
}
