import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { LastChoices } from './surroundings.ts'

const word = z.string().min(1).max(200)
const schema = z.object({ system: word.optional(), sessions: z.record(word, word).default({}) })

/** Bytes; what is larger was not written here. */
const largest = 65_536

/** Where a person's choices are kept: `$XDG_STATE_HOME/vdd/desk.json`. */
export function choicesFile(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'vdd', 'desk.json')
}

/** What was chosen the last time. A home that is full, read-only or missing takes nothing away but that. */
export class ChoicesFile {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  read(): LastChoices {
    try {
      if (statSync(this.#file).size > largest) return { sessions: {} }
      const { system, sessions } = schema.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
      return { sessions, ...(system === undefined ? {} : { system }) }
    } catch {
      return { sessions: {} }
    }
  }

  write(last: LastChoices): void {
    const draft = `${this.#file}.${process.pid}`
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
      writeFileSync(draft, `${JSON.stringify(last)}\n`, { mode: 0o600 })
      renameSync(draft, this.#file)
    } catch {
      // The next time nothing is selected before.
    }
  }
}
