import { StringDecoder } from 'node:string_decoder'
import { type Channel, type Host, HostError } from '../../hosts/host.ts'
import { say } from '../../hosts/label.ts'
import { Rounds } from '../../hosts/rounds.ts'
import { Shell } from '../../hosts/shell.ts'
import { type Asking, readConfig, readState } from './client.ts'
import type { LdirectordConfig, LdirectordEvent, LdirectordSink } from './facts.ts'
import { parseEvent } from './log.ts'

export interface LdirectordWatchOptions {
  readonly host: Host
  readonly configFile: string
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: LdirectordSink
  readonly now: () => number
}

/** Milliseconds for one command. */
const patience = 4_000
/** Lines of the log that are read at first, to know whether the configuration is the one that is loaded. */
const lately = 400

/** Watches ldirectord on one balancer: its file, whether it runs, what is in maintenance, and its log as it is written. */
export class LdirectordWatch {
  readonly #options: LdirectordWatchOptions
  readonly #rounds: Rounds
  #shell: Shell | undefined
  #config: { readonly stamp: string; readonly config: LdirectordConfig | undefined } | undefined
  #log: { readonly file: string; readonly channel: Channel } | undefined
  #offset = 0
  #notLoaded = false

  constructor(options: LdirectordWatchOptions) {
    this.#options = options
    const { host, sink, interval, now } = options
    this.#rounds = new Rounds({
      host: host.name,
      interval,
      now,
      look: (signal) => this.#look(signal),
      failed: (error) => {
        this.#disconnect()
        sink.trouble(host.name, error)
      },
    })
  }

  set interval(interval: number) {
    this.#rounds.interval = interval
  }

  start(): void {
    this.#rounds.start()
  }

  stop(): void {
    this.#rounds.stop()
    this.#disconnect()
  }

  look(): void {
    this.#rounds.look()
  }

  #disconnect(): void {
    this.#shell?.close()
    this.#log?.channel.kill()
    this.#log = undefined
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { host, configFile, sink, now } = this.#options
    if (!this.#shell || this.#shell.closed) this.#shell = await Shell.open(host)
    if (signal.aborted) this.#disconnect()
    const asking: Asking = { host: host.name, shell: this.#shell, configFile, timeout: patience }
    const state = await readState(asking, this.#config?.config?.maintenancedir)
    this.#offset = state.offset
    if (this.#config?.stamp !== state.stamp) {
      this.#config = { stamp: state.stamp, config: state.stamp ? await readConfig(asking) : undefined }
      this.#rounds.look() // with its maintenance directory
    }
    const { config } = this.#config
    if (config) await this.#follow(config.logfile)
    signal.throwIfAborted()
    const { maintenance } = state
    const blind = config?.maintenancedir && state.stamp && !maintenance
    sink.reading({
      host: host.name,
      at: now(),
      configFile,
      ...(config ? { config } : {}),
      ...(state.pid ? { pid: state.pid } : {}),
      maintenance: maintenance ?? [],
      notLoaded: this.#notLoaded,
      ...(blind ? { partial: say`the maintenance directory cannot be read` } : {}),
    })
  }

  /** Follows the log. What it already has is not news, but tells whether the file was changed after it was loaded. */
  async #follow(file: string): Promise<void> {
    if (this.#log?.file === file) return
    this.#log?.channel.kill()
    this.#log = undefined
    if (!file.startsWith('/')) return // to syslog
    const { host, sink, now } = this.#options
    const channel = await host.stream(['tail', '-n', String(lately), '-F', '--', file])
    const began = now()
    this.#log = { file, channel }
    const decoder = new StringDecoder('utf8')
    let rest = ''
    channel.stdout.on('data', (data: Buffer) => {
      const lines = (rest + decoder.write(data)).split('\n')
      rest = lines.pop()?.slice(-4096) ?? ''
      for (const line of lines) {
        const event = parseEvent(line, this.#offset)
        if (event) this.#told(event, event.at >= began - 2_000)
      }
    })
    channel.stderr.resume()
    const ended = () => {
      if (this.#log?.channel === channel) this.#log = undefined
    }
    channel.ended.then(ended, (error: unknown) => {
      ended()
      if (!this.#rounds.stopped && error instanceof HostError) sink.trouble(host.name, error)
    })
  }

  #told(event: LdirectordEvent, isNews: boolean): void {
    if (event.kind === 'changed') this.#notLoaded = true
    if (event.kind === 'started' || event.kind === 'reloaded') this.#notLoaded = false
    if (this.#rounds.stopped) return
    if (isNews) this.#options.sink.event(this.#options.host.name, event)
    this.#rounds.look()
  }
}
