import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { execa } from 'execa'

const program = resolve(import.meta.dirname, '../../../bin/vdd')

export interface Ended {
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

/** A home directory with a configuration of its own, in which the program is run as scripts run it; `remove()` takes it away. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), 'vdd-cli-'))

  write(name: string, text: string): string {
    const file = join(this.path, name)
    writeFileSync(file, text)
    return file
  }

  /** Machines of the local host, which the virsh of these tests answers for. */
  machines(machines: readonly { uuid: string; name: string; state?: number; refuses?: string }[]): string {
    this.write('machines.json', JSON.stringify(machines))
    return this.write('vdd.yaml', 'cluster: test\nhosts:\n  - name: here\n    local: true\n')
  }

  async vdd(args: readonly string[], input = ''): Promise<Ended> {
    const { exitCode, stdout, stderr } = await this.begin(args, { input, timeout: 50_000 })
    return { code: exitCode, out: stdout, err: stderr }
  }

  /** The program as it runs, for what does not end by itself. */
  begin(args: readonly string[], options: { input?: string; timeout?: number } = {}) {
    return execa(program, args, {
      ...options,
      reject: false,
      extendEnv: false,
      stripFinalNewline: false,
      env: {
        HOME: this.path,
        PATH: `${import.meta.dirname}${delimiter}${process.env.PATH}`,
        VDD_TEST_MACHINES: join(this.path, 'machines.json'),
        VDD_TEST_RAN: join(this.path, 'ran'),
      },
    })
  }

  /** The commands, other than those of the lasting session, that were run on the local host. */
  ran(): string[][] {
    const file = join(this.path, 'ran')
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
    return lines.map((line) => JSON.parse(line) as string[])
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
