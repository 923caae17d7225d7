import { type Host, HostError } from '../../../hosts/host.ts'
import { type Label, label, type Raw, say } from '../../../hosts/label.ts'
import { errorText } from '../parse.ts'

/** Every domain, those made by xl too: id, letters, CPU time in tenths of a second, UUID. */
export const xlList = ['xl', 'list', '-v'] as const
/** The configuration of every domain, as JSON. */
export const xlConfigs = ['xl', 'list', '-l'] as const
/** One sample of every domain's counters; `-f`, or names are cut to 10 characters. */
export const xentop = ['xentop', '-b', '-f', '-i', '1'] as const

/** Milliseconds. */
const timing = {
  /** docs/internals/xen.md, "Deadlines" */
  patience: 10_000,
  /** an overloaded dom0 is left alone for this long after a command that did not come back */
  rest: 30_000,
} as const

/** As this user; else by sudo, which also has /usr/sbin in its path where the user's has not. */
const ways: readonly (readonly Raw[])[] = [[], ['sudo', '-n']]

interface Dom0Options {
  readonly host: Host
  readonly signal: AbortSignal
  readonly now: () => number
}

/**
 * A command of dom0 that needs root: docs/internals/xen.md, "Who may read". Which way it is answered is found out by the
 * first call; where every way is refused it is not tried again, because each refusal of sudo is a line in somebody's log.
 */
export class Dom0Command {
  readonly #words: readonly [Raw, ...Raw[]]
  readonly #options: Dom0Options
  #way: readonly Raw[] | undefined
  #askAgainAt = Number.NEGATIVE_INFINITY
  #trouble: Label | undefined

  constructor(words: readonly [Raw, ...Raw[]], options: Dom0Options) {
    this.#words = words
    this.#options = options
  }

  /** Why there is no answer. */
  get trouble(): Label | undefined {
    return this.#trouble
  }

  /** No way leads to it: the means does not exist on this connection. */
  get refused(): boolean {
    return this.#askAgainAt === Number.POSITIVE_INFINITY
  }

  /** What it said; undefined when it is refused, failed, or is late. Throws `HostError` when the host is lost. */
  async answer(): Promise<string | undefined> {
    if (this.#options.now() < this.#askAgainAt) return undefined
    let failure: Label = say`no answer`
    try {
      for (const way of this.#way ? [this.#way] : ways) {
        const { code, stdout, stderr } = await this.#run(way)
        if (code === 0) {
          this.#way = way
          this.#trouble = undefined
          return stdout
        }
        failure = errorText(stderr)
      }
      this.#giveUp(failure, this.#way ? timing.rest : Number.POSITIVE_INFINITY)
    } catch (error) {
      if (!(error instanceof HostError && error.kind === 'timeout')) throw error
      this.#giveUp(error.reason, timing.rest)
    }
    return undefined
  }

  async #run(way: readonly Raw[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { host, signal } = this.#options
    const [first, ...rest] = [...way, ...this.#words] as [Raw, ...Raw[]]
    try {
      return await host.run([first, ...rest], { timeout: timing.patience, signal })
    } catch (error) {
      if (error instanceof HostError && error.kind === 'exec')
        return { code: 127, stdout: '', stderr: error.reason }
      throw error
    }
  }

  #giveUp(reason: Label, rest: number): void {
    this.#trouble = say`${label(this.#words.join(' '))}: ${reason}`
    this.#askAgainAt = this.#options.now() + rest
  }
}
