import { Backoff, type BackoffOptions } from './backoff.ts'
import { deadline } from './deadline.ts'
import { HostError } from './host.ts'
import { type Label, label, say } from './label.ts'
import { type Link, type LinkTimes, openLink } from './link.ts'
import { ownSurroundings } from './ssh-config.ts'
import type { SshSettings, Surroundings } from './ssh-settings.ts'

/** Bounds of a connection, and where it is made from. */
export interface KeptLinkOptions extends LinkTimes {
  readonly backoff?: BackoffOptions
  /** Home directory, environment and ssh; default those of this process. */
  readonly surroundings?: Surroundings
}

/** Milliseconds: who answers is heard more often, for it is asked whether it is there every 1.9 s (link.ts). */
const SILENT = 2500
/** Milliseconds that a try to connect has at least. */
const BRISK = 1000
/** A connection that lasted less long (milliseconds) counts as a failure, or it would be made anew at every poll. */
const BRIEF = 5000

/**
 * The connection to a host: made when first needed, and again when it was lost.
 *
 * While the host fails it is left alone for a growing time, in which every call fails at once with the last reason;
 * the first call after it connects again, so the callers' own polling is the retry.
 */
export class KeptLink {
  readonly #settings: SshSettings
  readonly #options: KeptLinkOptions
  readonly #closing: AbortSignal
  readonly #backoff: Backoff
  #link: Link | undefined
  #connecting: Promise<Link> | undefined
  /** the try to connect that is under way: since when, in milliseconds, and what gives it up */
  #attempt: { readonly since: number; readonly end: AbortController } | undefined
  #lastError: HostError | undefined
  /** why it is doubted, and how long that is more than a word of somebody, in milliseconds of `performance.now()` */
  #doubted = { reason: label(''), until: 0 }
  /** It is doubted, and listened to for a little longer: ends that. */
  #endDoubt: (() => void) | undefined

  /** @param closing is aborted when nothing is to be connected any more; its reason is a `HostError` */
  constructor(settings: SshSettings, options: KeptLinkOptions, closing: AbortSignal) {
    this.#settings = settings
    this.#options = options
    this.#closing = closing
    this.#backoff = new Backoff(options.backoff)
  }

  /** Who read the settings for what was connected last. */
  get readBy(): Link['readBy'] | undefined {
    return this.#link?.readBy
  }

  /** What stands now; undefined: nothing does. */
  get link(): Link | undefined {
    return this.#link?.lost.aborted ? undefined : this.#link
  }

  /** The connection, made anew if need be. All who wait for it wait for the same one. */
  standing(): Promise<Link> {
    if (this.#closing.aborted) return Promise.reject(this.#closing.reason)
    const { link } = this
    if (link) return Promise.resolve(link)
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<Link> {
    const pause = this.#backoff.remaining(performance.now())
    if (pause > 0 && this.#lastError) throw resting(this.#lastError, pause)
    const { surroundings = ownSurroundings() } = this.#options
    const end = new AbortController()
    this.#attempt = { since: performance.now(), end }
    const either = AbortSignal.any([this.#closing, end.signal])
    try {
      const link = await openLink(this.#settings, this.#options, surroundings, either)
      this.#watch(link)
      return link
    } catch (thrown) {
      const error = end.signal.aborted ? end.signal.reason : thrown
      const reason = error instanceof HostError ? error : unexpected(this.#settings.name, error)
      this.#lastError = reason
      this.#backoff.failed(performance.now(), reason.kind === 'hostkey' || reason.kind === 'auth')
      throw reason
    } finally {
      this.#attempt = undefined
    }
  }

  #watch(link: Link): void {
    this.#link = link
    const since = performance.now()
    link.lost.addEventListener('abort', () => {
      this.#lastError = link.lost.reason
      if (performance.now() - since < BRIEF) this.#backoff.failed(performance.now())
      else this.#backoff.succeeded()
    })
  }

  /**
   * Somebody says that the host is gone: it is believed as soon as nothing is heard of it for as long as one who answers is never silent. What
   * it had sent before may still come in, so being heard of once is no proof; who is heard of all the time is there.
   */
  doubt(reason: Label): void {
    this.#doubted = { reason, until: performance.now() + 2 * SILENT }
    if (!this.#endDoubt) this.#listen()
  }

  #listen(): void {
    this.#endDoubt = undefined
    const { reason, until } = this.#doubted
    const attempt = this.#attempt
    const silence = this.#link?.silence() ?? Number.POSITIVE_INFINITY
    const now = performance.now()
    const left = Math.max(SILENT - silence, attempt ? BRISK - (now - attempt.since) : 0)
    if (left > 0) {
      if (now < until) this.#endDoubt = deadline(left, () => this.#listen())
      return
    }
    const why = new HostError('unreachable', this.#settings.name, reason)
    this.#link?.giveUp(why)
    this.#attempt?.end.abort(why)
  }

  /** Ends a doubt. */
  believe(): void {
    this.#endDoubt?.()
  }

  /** Also what is being made just now. */
  async close(): Promise<void> {
    this.#link?.close()
    await this.#connecting?.catch(() => {})
    this.#link?.close()
  }
}

function unexpected(host: string, error: unknown): HostError {
  return new HostError('unreachable', host, label(error instanceof Error ? error.message : String(error)))
}

function resting({ kind, host, reason, advice }: HostError, pause: number): HostError {
  return new HostError(kind, host, say`${reason}; next try in ${Math.ceil(pause / 1000)} s`, advice)
}
