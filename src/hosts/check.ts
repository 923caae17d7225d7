import { type Host, HostError } from './host.ts'
import { type Label, label, say } from './label.ts'

/** One thing that was tried on a host. */
export interface Check {
  readonly what: Label
  readonly ok: boolean
  readonly found: Label
  /** the line that mends it */
  readonly mend?: Label
  /** without it the console still works, with less */
  readonly optional?: true
}

/** Milliseconds. */
const patience = 8_000

/** Tries one thing after the other on a host, and keeps what was found. */
export class Checks {
  readonly host: Host
  readonly done: Check[] = []
  readonly #tell: () => void

  /** @param tell is called after each step */
  constructor(host: Host, tell: () => void = () => {}) {
    this.host = host
    this.#tell = tell
  }

  /** Whether it works; what it throws tells why not. */
  async attempt(what: Label, work: () => Promise<Label>, optional?: true): Promise<boolean> {
    const ok = await this.#attempt(what, work, optional)
    this.#tell()
    return ok
  }

  async #attempt(what: Label, work: () => Promise<Label>, optional?: true): Promise<boolean> {
    const kind = optional ? { optional } : {}
    try {
      this.done.push({ what, ok: true, found: await work() })
      return true
    } catch (error) {
      const known = error instanceof HostError
      const mend = known && error.advice ? { mend: error.advice } : {}
      this.done.push({
        what,
        ok: false,
        found: known ? error.reason : label(String(error)),
        ...mend,
        ...kind,
      })
      return false
    }
  }

  /** That the host can be reached, and runs commands. */
  async reach(): Promise<boolean> {
    const isReached = await this.#reach()
    const { caveat } = this.host
    if (caveat) await this.attempt(say`ssh configuration`, () => Promise.reject(caveat), true)
    return isReached
  }

  #reach(): Promise<boolean> {
    return this.attempt(say`reach the host`, async () => {
      const { code } = await this.host.run(['true'], { timeout: patience })
      if (code === 0) return say`commands run`
      const advice = say`check the login shell and its start-up files`
      throw new HostError('exec', this.host.name, say`"true" gave ${code ?? -1}`, advice)
    })
  }
}
