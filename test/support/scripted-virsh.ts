import { PassThrough } from 'node:stream'
import type { Argv, Channel, Host, Output, RunOptions } from '../../src/hosts/host.ts'
import { HostError } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'

export interface Said {
  readonly out?: string
  readonly err?: string
}

const banner =
  "Welcome to virsh, the virtualization interactive terminal.\n\nType:  'help' for help with commands\n       'quit' to quit\n\n"

/**
 * A host whose interactive virsh follows a script. It frames its answers as the real one does through a pipe: banner, each line
 * echoed behind the prompt, an empty line on standard output for `echo --err` (fixtures/libvirt-9.0.0/persistent-virsh-kill.txt).
 * What it has to say is held back while `held` is true, so that a test can send it in pieces of its own.
 */
export class ScriptedVirsh implements Host {
  readonly name = 'hv1'
  readonly stdin = new PassThrough()
  readonly stdout = new PassThrough()
  readonly stderr = new PassThrough()
  /** the command lines that were started */
  readonly started: Argv[] = []
  /** every line that was fed to it */
  readonly fed: string[] = []
  killed = 0
  held = false
  /** what is held back */
  out = banner
  err = ''
  end: () => void = () => {}
  lose: (error: HostError) => void = () => {}
  #answer: (line: string) => Said | undefined
  #rest = ''

  /** @param answer what a line is answered with; `undefined`: nothing, ever, and nothing after it */
  constructor(answer: (line: string) => Said | undefined = () => ({})) {
    this.#answer = answer
    this.stdin.on('data', (data: Buffer) => this.#feed(data.toString()))
  }

  async stream(argv: Argv): Promise<Channel> {
    this.started.push(argv)
    const ended = new Promise<{ code: number | null }>((resolve, reject) => {
      this.end = () => resolve({ code: 0 })
      this.lose = reject
    })
    return {
      stdin: this.stdin,
      stdout: this.stdout,
      stderr: this.stderr,
      ended,
      kill: () => {
        this.killed++
        this.end()
      },
    }
  }

  async run(_argv: Argv, _options?: RunOptions): Promise<Output> {
    throw new HostError('exec', this.name, say`no such script`)
  }

  async connect(): Promise<never> {
    throw new Error('not scripted')
  }

  async terminal(): Promise<number | null> {
    return 0
  }

  async close(): Promise<void> {
    this.end()
  }

  #hung = false

  #feed(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      this.fed.push(line)
      if (!this.#hung) this.#say(line)
    }
    if (!this.held) this.flush()
  }

  #say(line: string): void {
    this.out += `virsh # ${line}\n`
    const [, toErr, marker] = /^echo (--err )?(\S+)$/.exec(line) ?? []
    if (marker && toErr) {
      this.out += '\n'
      this.err += `error: ${marker}\n`
    } else if (marker) this.out += `${marker}\n`
    else {
      const said = this.#answer(line)
      if (!said) {
        this.#hung = true
        return
      }
      this.out += said.out ?? '\n'
      this.err += said.err ?? ''
    }
  }

  flush(): void {
    if (this.err) this.stderr.write(this.err)
    if (this.out) this.stdout.write(this.out)
    this.out = ''
    this.err = ''
  }

  /** The last marker that was asked for. */
  get marker(): string {
    return this.fed.findLast((line) => line.startsWith('echo __'))?.slice(5) ?? ''
  }
}
