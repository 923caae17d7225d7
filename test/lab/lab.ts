import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { openFleet } from '../../src/cli/open.ts'
import type { Alert } from '../../src/fleet/alerts/alert.ts'
import type { Fleet } from '../../src/fleet/fleet.ts'
import { TerminalUnderTest } from '../support/terminal.ts'

/** Why the real systems cannot be had here, as `scripts/test.mjs` found out. */
const absent = process.env.VDD_NO_LAB

/** Alerts of the systems of a lab: the machine on which it runs may be busy or full, and all its hosts say so. */
export const isOfTheLab = ({ what }: Alert) => !/^(cpu|memory|file system)\b/.test(what)

/** A suite against the real systems; skipped, with the reason in its name, where they cannot run. */
export const describeLab = (title: string, suite: () => void) =>
  absent ? describe.skip(`${title} (skipped: ${absent})`, suite) : describe(title, suite)

/** A lab of this file's own: real systems, as `lab/README.md` describes its parts. It goes away with the file's tests. */
export class Lab {
  readonly directory = mkdtempSync(join(tmpdir(), 'vdd-lab-'))
  readonly env = {
    VDD_LAB_DIR: this.directory,
    XDG_STATE_HOME: join(this.directory, 'state'),
    HOME: this.directory,
  }

  readonly #terminals: TerminalUnderTest[] = []
  #fleets = 0

  /** A lab that is up before the tests of this file and down after them. */
  static forThisFile(
    part: 'virt' | 'lvs' | 'auth' | 'display' | 'terminal' | 'desktop' | 'ha' = 'virt',
    ...having: string[]
  ): Lab {
    const lab = new Lab()
    // The first one builds the guest of lvs, terminal or desktop, which takes minutes.
    beforeAll(() => lab.run('up', part, ...having), 900_000)
    afterEach(() => {
      for (const terminal of lab.#terminals.splice(0)) terminal.close()
    })
    afterAll(async () => {
      await lab.run('clean')
      rmSync(lab.directory, { recursive: true, force: true })
    })
    return lab
  }

  /** `lab/lab …`; its standard output. */
  async run(...args: string[]): Promise<string> {
    const { stdout } = await execa(resolve('lab/lab'), args, { env: this.env, timeout: 900_000 })
    return stdout
  }

  get config(): string {
    return join(this.directory, 'vdd.yaml')
  }

  /** A command on a host, past vdd. */
  async on(host: string, ...argv: string[]): Promise<string> {
    return await this.run('shell', host, ...argv)
  }

  /** The same, with something on its standard input. */
  async onWith(input: string, host: string, ...argv: string[]): Promise<string> {
    const words = ['shell', host, ...argv]
    const { stdout } = await execa(resolve('lab/lab'), words, { env: this.env, timeout: 900_000, input })
    return stdout
  }

  /** Names of the machines that run on a host, as its own virsh says. */
  async running(host: string): Promise<string[]> {
    return (await this.on(host, 'virsh', 'list', '--name')).split('\n').filter(Boolean).sort()
  }

  async pid(host: string, what: string): Promise<number> {
    return Number(await this.run('pid', host, what))
  }

  /** `vdd --config … ARGS`: how it ended, and what it said. */
  async vdd(...args: string[]) {
    return await this.vddWith(this.config, ...args)
  }

  async vddWith(config: string, ...args: string[]) {
    return await execa(resolve('bin/vdd'), ['--config', config, ...args], {
      env: this.env,
      reject: false,
      timeout: 300_000,
      input: '',
    })
  }

  /** `vdd --config … ARGS` that goes on until it is ended, and the lines that it has said so far. */
  vddLines(...args: string[]): { readonly lines: readonly string[]; end(): void } {
    const lines: string[] = []
    const child = spawn(resolve('bin/vdd'), ['--config', this.config, ...args], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface(child.stdout).on('line', (line) => lines.push(line))
    return { lines, end: () => child.kill() }
  }

  /** The console on these hosts, on a VT100 of 80x24; closed after the test. */
  open(...args: string[]): TerminalUnderTest {
    const { NO_COLOR: _, ...inherited } = process.env as Record<string, string>
    const env = { ...inherited, ...this.env, TERM: 'vt100', LANG: 'C', LC_ALL: 'C' }
    const terminal = new TerminalUnderTest(resolve('bin/vdd'), ['--config', this.config, ...args], { env })
    this.#terminals.push(terminal)
    return terminal
  }

  /** A fleet on these hosts, or on those of another configuration, in this process and with a journal of its own; started. */
  async fleet(config = this.config): Promise<Fleet> {
    const own = join(this.directory, 'fleet.yaml')
    writeFileSync(
      own,
      `journal: ${join(this.directory, `fleet-${++this.#fleets}.db`)}\n${readFileSync(config, 'utf8')}`,
    )
    const fleet = await openFleet({ config: own }, false)
    fleet.start()
    return fleet
  }

  /** One machine as `machine show --json` gives it. */
  async machine(name: string): Promise<Record<string, unknown>> {
    return JSON.parse((await this.vdd('machine', 'show', name, '--json')).stdout) as Record<string, unknown>
  }
}
