import { collect } from '../../../hosts/collect.ts'
import type { Argv, Output } from '../../../hosts/host.ts'
import { killText, RemoteCommand, remoteText } from '../../../hosts/remote-command.ts'
import { type ClearX11, clearScript, forgetText } from './clear-x11.ts'
import { type DesktopEntry, execWords, parseEntries } from './desktop-entry.ts'
import type { Line, XDisplay } from './line.ts'
import { loadScript } from './load.ts'
import { lockScript } from './lock.ts'
import { Session, sessionArgv, type Ways } from './session.ts'

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
  readonly #line: Line
  readonly #name: string

  constructor(line: Line, name: string) {
    this.#line = line
    this.#name = name
  }

  /** is aborted with a `HostError` when the connection has gone */
  get lost(): AbortSignal {
    return this.#line.lost
  }

  /** It does not answer now: it may be off, or the line to it cut. */
  get isSilent(): boolean {
    return this.#line.silence() > mostSilent
  }

  close(): void {
    this.#line.close()
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

  /** Starts a session whose windows go to a display of this machine. */
  async start(entry: DesktopEntry, display: XDisplay): Promise<Session> {
    return new Session(await this.#command(sessionArgv(entry), display), this.#ways)
  }

  /** Starts a session whose windows go over the network as they are. @param file a name for the file of its cookie: a dot, letters and digits */
  async startInClear(entry: DesktopEntry, { name, authority }: ClearX11, file: string): Promise<Session> {
    const argv = ['sh', '-c', clearScript, 'sh', name, file, ...sessionArgv(entry)] as const
    const stream = await this.#line.exec(remoteText(argv))
    const end = (group: number) => this.#signal(`(${killText([group])}); ${forgetText(file)}`)
    return new Session(new RemoteCommand(stream, this.lost, end), this.#ways, authority)
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

  readonly #ways: Ways = {
    terminate: (group) => this.#signal(`kill -s TERM -- -${group}`),
    lock: async (group) => (await this.#run(['sh', '-c', lockScript, 'sh', String(group)])).code,
  }

  #run(argv: Argv, limit?: number): Promise<Output> {
    const options = { timeout, ...(limit === undefined ? {} : { limit }) }
    return collect(this.#name, argv, options, () => this.#command(argv))
  }

  async #command(argv: Argv, display?: XDisplay): Promise<RemoteCommand> {
    const stream = await this.#line.exec(remoteText(argv), display)
    return new RemoteCommand(stream, this.lost, (group) => this.#signal(killText([group])))
  }

  async #signal(text: string): Promise<void> {
    if (this.lost.aborted) return
    const stream = await this.#line.exec(text).catch(() => undefined)
    const { promise, resolve } = Promise.withResolvers<void>()
    stream?.resume().on('close', resolve)
    stream?.stderr.resume()
    if (!stream) resolve()
    await promise
  }
}

function programOf({ exec, tryExec }: DesktopEntry): string | undefined {
  return tryExec ?? execWords(exec)?.[0]
}
