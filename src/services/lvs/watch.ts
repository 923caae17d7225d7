import type { Host } from '../../hosts/host.ts'
import { Rounds } from '../../hosts/rounds.ts'
import { Shell } from '../../hosts/shell.ts'
import { readLvs } from './client.ts'
import type { LvsSink } from './facts.ts'

export interface LvsWatchOptions {
  readonly host: Host
  readonly sudo: boolean
  /** milliseconds between two looks; may be changed while it runs */
  readonly interval: number
  readonly sink: LvsSink
  readonly now: () => number
}

/** Milliseconds for one command. None of them waits for anything but the kernel. */
const patience = 4_000

/** Watches the table of a balancer. */
export class LvsWatch {
  readonly #options: LvsWatchOptions
  readonly #rounds: Rounds
  #shell: Shell | undefined

  constructor(options: LvsWatchOptions) {
    this.#options = options
    const { host, sink, interval, now } = options
    this.#rounds = new Rounds({
      host: host.name,
      interval,
      now,
      look: (signal) => this.#look(signal),
      failed: (error) => sink.trouble(host.name, error),
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
    this.#shell?.close()
  }

  look(): void {
    this.#rounds.look()
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { host, sudo, sink, now } = this.#options
    if (!this.#shell || this.#shell.closed) this.#shell = await Shell.open(host)
    if (signal.aborted) this.#shell.close()
    const reading = await readLvs({ host: host.name, shell: this.#shell, sudo, timeout: patience })
    signal.throwIfAborted()
    sink.reading({ ...reading, host: host.name, at: now() })
  }
}
