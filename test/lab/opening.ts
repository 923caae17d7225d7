import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Answer, type Said, type SessionChoice, saidSchema } from '../../src/services/display/opening.ts'
import { until } from '../support/until.ts'
import type { Lab } from './lab.ts'

/** Somebody at a terminal of the lab who opens a channel, as the desk does it: `ssh -X` to the display server, and there the keeper. */
export class Opening {
  readonly said: Said[] = []
  readonly process: ChildProcess

  /** @param wish as `vdd channel keep` takes it */
  constructor(
    lab: Lab,
    terminal: string,
    person: string,
    wish: object,
    env: Readonly<Record<string, string>> = {},
  ) {
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    // A session of its own, as the desk gives it one: else sshd would take it with the line.
    const remote = ['env', ...set, 'setsid', '--wait', 'vdd', 'channel', 'keep']
    const ssh = ['lab-as', person, 'ssh', '-X', '-o', 'BatchMode=yes', `${person}@disp1`, ...remote]
    this.process = spawn(resolve('lab/lab'), ['shell', terminal, ...ssh], {
      env: { ...process.env, ...lab.env },
      stdio: ['pipe', 'pipe', 'ignore'],
      // So that all of it can be killed: the lab's scripts, and the ssh that they start.
      detached: true,
    })
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      this.said.push(saidSchema.parse(JSON.parse(line))),
    )
    this.#tell(wish)
  }

  answer(answer: Answer): void {
    this.#tell(answer)
  }

  /** The session managers that it offers. */
  async choices(): Promise<readonly SessionChoice[]> {
    const asked = await this.hears('asks')
    if (asked.asks !== 'session') throw new Error(`it asks for a ${asked.asks}`)
    return asked.choices
  }

  #tell(what: object): void {
    this.process.stdin?.write(`${JSON.stringify(what)}\n`)
  }

  /** Waits until it says something of this kind. */
  async hears<K extends 'open' | 'failed' | 'asks'>(kind: K): Promise<Extract<Said, Record<K, unknown>>> {
    const found = await until(
      () =>
        `${kind}; said so far: ${JSON.stringify(this.said)}; its line ${this.#isOver ? 'has ended' : 'stands'}`,
      () => this.said.find((one) => kind in one || 'failed' in one),
    )
    if (!(kind in found)) throw new Error(`it failed: ${JSON.stringify(found)}`)
    return found as Extract<Said, Record<K, unknown>>
  }

  /** The line is gone, as when somebody pulls the plug of the program that asked. */
  kill(): void {
    const { pid } = this.process
    if (pid !== undefined && !this.#isOver) process.kill(-pid, 'SIGKILL')
  }

  get #isOver(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null
  }
}
