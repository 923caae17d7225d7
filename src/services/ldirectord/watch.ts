import { StringDecoder } from 'node:string_decoder'
import { type Channel, type Host, HostError } from '../../hosts/host.ts'
import { label, say } from '../../hosts/label.ts'
import { Lines } from '../../hosts/lines.ts'
import type { PollOptions, Rounds } from '../../hosts/rounds.ts'
import type { Shell } from '../../hosts/shell.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { inSlices, type Steps } from '../../hosts/slices.ts'
import {
  type LdirectordAsking,
  type Maintenance,
  readConfig,
  readLog,
  readMaintenance,
  readNames,
  readState,
} from './client.ts'
import { configSteps } from './config.ts'
import type { ConfigSource, LdirectordConfig, LdirectordEvent, LdirectordSink } from './facts.ts'
import { parseEvent } from './log.ts'
import { addressOf } from './maintenance.ts'

interface LdirectordWatchOptions extends PollOptions<LdirectordSink> {
  readonly host: Host
  readonly configFile: string
}

/** Milliseconds for one command. What is old is shown as old long before; to end and begin anew costs a slow host more than to wait. */
const patience = 10_000
/** Characters: a line of its log is some hundred. */
const longestLine = 4_096

/** A configuration as it was at one moment. */
interface ReadFile {
  readonly stamp: string
  /** milliseconds since the epoch */
  readonly at: number
  readonly source: ConfigSource | undefined
  readonly config: LdirectordConfig | undefined
  readonly names: ReadonlyMap<string, string>
}

/** Milliseconds until names are looked up again: all of them, or some of which no address is known. */
const lookUpAfter = { known: 300_000, unknown: 10_000 } as const

async function readFile(
  asking: LdirectordAsking,
  stamp: string,
  before: ReadFile | undefined,
  at: number,
): Promise<ReadFile> {
  // Without a stamp there is none, or it may not be seen: that is told apart by reading it.
  const read = await readConfig(asking)
  // While no name server answers, a name stands for what it stood for.
  const addresses = new Map([...(before?.source?.addresses ?? []), ...(read?.addresses ?? [])])
  const source = read && { ...read, addresses }
  const config = source && (await inSlices(configSteps(source.text, source.addresses)))
  const reals = config?.virtuals.flatMap(({ reals }) => reals.map(({ id }) => addressOf(id))) ?? []
  return { stamp, at, source, config, names: await readNames(asking, [...new Set(reals)]) }
}

function isCurrent(file: ReadFile | undefined, stamp: string, now: number): file is ReadFile {
  if (file?.stamp !== stamp) return false
  const { source, config } = file
  const names = config ? [...config.names, ...config.ports] : []
  if (!names.length) return true
  const isKnown = names.every((name) => source?.addresses.get(name))
  return now - file.at < (isKnown ? lookUpAfter.known : lookUpAfter.unknown)
}

/** Watches ldirectord on one balancer: its file, whether it runs, what is in maintenance, and its log as it is written. */
export class LdirectordWatch {
  readonly #options: LdirectordWatchOptions
  readonly #rounds: Rounds
  #file: ReadFile | undefined
  #log: { readonly file: string; readonly channel: Channel } | undefined
  /** its log says that the file was changed since it was loaded */
  #saidChanged = false
  /** when it was loaded last, by the clock of the host; and if that was seen here, by this one */
  #loaded: { readonly there: number; readonly here: number | undefined } | undefined
  #maintenance: Maintenance = { files: [], isOpen: false }

  constructor(options: LdirectordWatchOptions) {
    this.#options = options
    const { host, sink, interval, now } = options
    this.#rounds = shellRounds({
      host,
      interval,
      now,
      look: (shell, signal) => this.#look(shell, signal),
      failed: (error) => {
        this.#forgetLog()
        sink.trouble(host.name, error)
      },
    })
  }

  get interval(): number {
    return this.#rounds.interval
  }

  set interval(interval: number) {
    this.#rounds.interval = interval
  }

  start(): void {
    this.#rounds.start()
  }

  stop(): void {
    this.#rounds.stop()
    this.#forgetLog()
  }

  look(): void {
    this.#rounds.look()
  }

  #forgetLog(): void {
    this.#log?.channel.kill()
    this.#log = undefined
  }

  async #look(shell: Shell, signal: AbortSignal): Promise<void> {
    const { host, configFile, sink, now } = this.#options
    const asking: LdirectordAsking = { host: host.name, shell, configFile, timeout: patience }
    const began = now()
    const state = await readState(asking)
    if (!isCurrent(this.#file, state.stamp, now()))
      this.#file = await readFile(asking, state.stamp, this.#file, now())
    const { source, config, names } = this.#file
    if (config) await this.#follow(asking, config.logfile)
    if (signal.aborted) return this.#forgetLog()
    const directory = config?.maintenancedir
    const maintenance = directory ? await readMaintenance(asking, directory) : this.#maintenance
    if (maintenance) this.#maintenance = maintenance
    const partial = !maintenance
      ? say`the maintenance directory cannot be read`
      : state.daemon && !source
        ? say`it runs, and ${label(configFile)} is not there: which file it goes by is not known`
        : undefined
    sink.reading({
      host: host.name,
      at: now(),
      took: now() - began,
      configFile,
      ...(source && config ? { source, config } : {}),
      ...(state.daemon ? { daemon: state.daemon } : {}),
      // What lay there last is truer than nothing.
      maintenance: directory ? this.#maintenance.files : [],
      isMaintenanceOpen: this.#maintenance.isOpen,
      names,
      // It may find the change only after it has read it: then the file is older than the load.
      notLoaded: this.#saidChanged && !(this.#loaded && state.changedAt <= this.#loaded.there),
      ...(this.#loaded?.here === undefined ? {} : { loadedAt: this.#loaded.here }),
      ...(partial ? { partial } : {}),
    })
  }

  /** Follows the log. What it has already is no news, but tells whether the file was changed after it was loaded. */
  async #follow(asking: LdirectordAsking, file: string): Promise<void> {
    if (this.#log?.file === file) return
    this.#forgetLog()
    if (!file.startsWith('/')) return // to syslog
    const { host, sink } = this.#options
    const { events, offset, lines } = await readLog(asking, file)
    const channel = await host.stream(['tail', '-n', `+${lines + 1}`, '-F', '--', file])
    this.#log = { file, channel }
    for (const event of events) this.#note(event)
    if (!this.#rounds.stopped) sink.history(host.name, events)
    this.#hear(channel, offset).catch(() => {}) // its end tells why
    channel.stderr.resume()
    const ended = () => {
      if (this.#log?.channel === channel) this.#log = undefined
    }
    channel.ended.then(ended, (error: unknown) => {
      ended()
      if (!this.#rounds.stopped && error instanceof HostError) sink.trouble(host.name, error)
    })
  }

  /** Much that comes at once is taken in slices, and no more is read until that is done. */
  async #hear({ stdout }: Channel, offset: number): Promise<void> {
    const decoder = new StringDecoder('utf8')
    const lines = new Lines(longestLine)
    for await (const data of stdout) await inSlices(this.#take(lines.take(decoder.write(data)), offset))
  }

  *#take(lines: readonly string[], offset: number): Steps<void> {
    for (const line of lines) {
      if (this.#rounds.stopped) return
      const event = parseEvent(line, offset)
      if (event) this.#told(event, this.#options.now())
      yield
    }
  }

  #note({ kind, at }: LdirectordEvent, here?: number): void {
    if (kind === 'changed') this.#saidChanged = true
    if (kind !== 'started' && kind !== 'reloaded') return
    this.#saidChanged = false
    this.#loaded = { there: at, here: here ?? this.#loaded?.here }
  }

  #told(event: LdirectordEvent, here: number): void {
    this.#note(event, here)
    // By this clock, in which everything else is told: the log has whole seconds of the host's.
    this.#options.sink.event(this.#options.host.name, { ...event, at: here })
    this.#rounds.look()
  }
}
