import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import {
  type Argv,
  type Channel,
  type Host,
  HostError,
  type Output,
  type RunOptions,
} from '../../../src/hosts/host.ts'
import { label } from '../../../src/hosts/label.ts'

/** What a command says; `hangs`: it never answers. */
export type Said = string | { readonly err: string } | typeof hangs
export const hangs = Symbol('hangs')

export interface Script {
  /** answers a command given to a persistent virsh */
  virsh(words: readonly string[]): Said
  /** answers a program that is run once, such as `xl list -v`; default: not found */
  program?(words: readonly string[]): Said
}

/** A host whose virsh and programs answer by a script that a test may change while it runs. */
export class ScriptedHost implements Host {
  readonly name = 'h1'
  script: Script
  /** each command that virsh was given, and each program that was run */
  readonly asked: string[] = []
  /** virsh processes that were started and have not ended */
  readonly open = new Set<Channel>()
  opened = 0
  #events: PassThrough | undefined
  #endEvents: (() => void) | undefined

  constructor(script: Script) {
    this.script = script
  }

  get followed(): boolean {
    return this.#events !== undefined
  }

  /** libvirt tells of something. */
  tell(event: string): void {
    this.#events?.write(`2026-11-22 07:06:52.003+0000: event ${event}\n`)
  }

  /** The stream of events ends, as when libvirtd dies. */
  endEvents(): void {
    this.#endEvents?.()
  }

  async run(argv: Argv, { timeout = 10_000, signal }: RunOptions = {}): Promise<Output> {
    this.asked.push(argv.join(' '))
    const said = this.script.program?.(argv) ?? { err: 'not found' }
    if (said === hangs) return givenUp(argv, timeout, signal)
    if (typeof said === 'string') return { code: 0, stdout: said, stderr: '' }
    if (said.err === 'not found')
      throw new HostError('exec', this.name, label(`${argv[0]}: command not found`))
    return { code: 1, stdout: '', stderr: said.err }
  }

  async stream(argv: Argv): Promise<Channel> {
    const { channel, stdin, stdout, stderr } = this.#channel()
    if (argv.includes('event')) {
      this.#events = stdout
      this.#endEvents = () => channel.kill()
      channel.ended.finally(() => {
        this.#events = undefined
      })
      return channel
    }
    this.opened++
    let stuck = false
    createInterface({ input: stdin }).on('line', (line) => {
      if (stuck) return
      stdout.write(`virsh # ${line}\n`)
      const words = wordsOf(line)
      if (words[0] === 'echo') {
        if (words[1] === '--err') stderr.write(`error: ${words[2]}\n`)
        else stdout.write(`${words[1]}\n`)
        return
      }
      this.asked.push(words.join(' '))
      const said = this.script.virsh(words)
      if (said === hangs) stuck = true
      else if (typeof said === 'string') stdout.write(said)
      else {
        stderr.write(said.err)
        stdout.write('\n')
      }
    })
    return channel
  }

  async connect(): Promise<never> {
    throw new Error('not scripted')
  }

  async terminal(): Promise<number> {
    throw new Error('not scripted')
  }

  async close(): Promise<void> {
    for (const channel of this.open) channel.kill()
  }

  #channel() {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const { promise: ended, resolve } = Promise.withResolvers<{ code: number | null }>()
    const kill = () => {
      this.open.delete(channel)
      stdin.destroy()
      stdout.end()
      stderr.end()
      resolve({ code: 0 })
    }
    const channel: Channel = { stdin, stdout, stderr, ended, kill }
    this.open.add(channel)
    return { channel, stdin, stdout, stderr }
  }
}

function givenUp(argv: Argv, timeout: number, signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = new HostError('timeout', 'h1', label(`${argv[0]}: no answer in ${timeout / 1000} s`))
  const timer = setTimeout(() => reject(late), timeout)
  signal?.addEventListener('abort', () => {
    clearTimeout(timer)
    reject(signal.reason)
  })
  return promise
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
