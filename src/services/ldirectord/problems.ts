import type { Label } from '../../hosts/label.ts'
import type { ConfigProblem } from './facts.ts'

/** Refusals that are told of one file, and warnings. */
const mostProblems = 200

/** What ldirectord would refuse in a file, and what it would warn of. */
export class Problems {
  readonly #refusals: ConfigProblem[] = []
  readonly #warnings: ConfigProblem[] = []
  /** as `LINE TEXT` */
  readonly #told = new Set<string>()

  /** It would not start with this. A fallback of the whole file is looked up for each service, and told once. */
  refuse(line: number, text: Label): void {
    const key = `${line} ${text}`
    if (this.#refusals.length < mostProblems && !this.#told.has(key)) {
      this.#refusals.push({ line, text, fatal: true })
      this.#told.add(key)
    }
  }

  warn(line: number, text: Label): void {
    if (this.#warnings.length < mostProblems) this.#warnings.push({ line, text, fatal: false })
  }

  /** As they stand in the file. */
  get all(): readonly ConfigProblem[] {
    return [...this.#refusals, ...this.#warnings].sort((a, b) => a.line - b.line)
  }
}
