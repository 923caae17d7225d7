import { PassThrough } from 'node:stream'
import type { Argv, Channel, Host, Output, RunOptions, Terminal } from '../hosts/host.ts'
import { HostError } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { Lines } from '../hosts/lines.ts'
import { askInDemo, lookWords } from './display/look.ts'
import { DemoDrills, drillWords } from './drill/drills.ts'
import type { DemoMachine } from './machine/machine.ts'
import { df } from './pool/storage.ts'
import { demoCommand } from './shell.ts'
import { demoVirsh } from './virsh.ts'
import type { World } from './world.ts'

/** A host of the demo. It answers in the place of ssh, so that all code above is the real one. */
export class DemoHost implements Host {
  readonly name: string
  readonly #world: World
  readonly #drills: DemoDrills
  #channels = new Set<Channel>()

  constructor(name: string, world: World) {
    this.name = name
    this.#world = world
    this.#drills = new DemoDrills(world, name)
    world.outages.onOff(name, () => void this.close())
  }

  /** @throws {HostError} it is off */
  #answers(): void {
    if (this.#world.outages.isOff(this.name))
      throw new HostError('unreachable', this.name, say`no route to host`)
  }

  async run(argv: Argv, options: RunOptions = {}): Promise<Output> {
    this.#answers()
    const { program, words } = commandOf(argv)
    if (!this.#world.hypervisors.hosts.has(this.name))
      return demoCommand(this.#world, this.name, argv, options.input)
    if (program === 'true') return { code: 0, stdout: '', stderr: '' }
    if (program === 'df') return { code: 0, stdout: df(this.#world, this.name), stderr: '' }
    if (program === 'ps') return { code: 0, stdout: this.#processes(), stderr: '' }
    if (program !== 'virsh') throw new HostError('exec', this.name, say`${label(program)}: command not found`)
    if (!words.length) return { code: 0, stdout: '9.0.0\n', stderr: '' }
    const progress = setInterval(() => this.#progress(words, options), 500)
    try {
      const answer = demoVirsh(this.#world, this.name, words, options.input)
      const { out = '', err = '' } = await Promise.race([answer, givenUp(this.name, options)])
      return err ? { code: 1, stdout: '\n', stderr: `${err}\n` } : { code: 0, stdout: out, stderr: '' }
    } finally {
      clearInterval(progress)
    }
  }

  async stream(argv: Argv): Promise<Channel> {
    this.#answers()
    const drill = drillWords(argv)
    if (drill) return this.#drill(drill)
    if (argv[0] === 'sh') return this.#shell()
    if (argv[0] === 'tail') return this.#log()
    const look = lookWords(argv)
    if (look) return this.#look(look)
    const { words } = commandOf(argv)
    return words[0] === 'event' ? this.#events() : this.#virsh()
  }

  async connect(): Promise<never> {
    throw new HostError('refused', this.name, say`a demo host connects to nothing`)
  }

  async terminal(_argv: Argv, { stdin, stdout }: Terminal): Promise<number | null> {
    stdout.write(
      `Connected to a machine of the demo on ${this.name}\r\nEscape character is ^] (Ctrl + ])\r\n\r\nlogin: `,
    )
    stdin.setRawMode?.(true)
    stdin.resume()
    await new Promise<void>((resolve) => {
      const typed = (data: Buffer | string) => {
        const text = data.toString()
        if (!text.includes('\x1d')) return void stdout.write(text.replaceAll('\r', '\r\nlogin: '))
        stdin.off('data', typed)
        resolve()
      }
      stdin.on('data', typed)
    })
    stdin.setRawMode?.(false)
    stdin.pause()
    return 0
  }

  async close(): Promise<void> {
    for (const channel of this.#channels) channel.kill()
  }

  #progress(words: readonly string[], { onStderr }: RunOptions): void {
    const machine =
      words[0] === 'migrate' && this.#world.hypervisors.on(this.name).find((m) => words.includes(m.uuid))
    if (machine)
      onStderr?.(`\rMigration: [ ${String(this.#world.hypervisors.progress(machine)).padStart(2)} %]`)
  }

  #processes(): string {
    const now = this.#world.now()
    const startedAt = (m: DemoMachine) =>
      m.migration?.to === this.name ? m.migration.startedAt : m.startedAt
    return this.#world.hypervisors
      .on(this.name)
      .filter((m) => this.#world.hypervisors.isActive(m))
      .map(
        (m) =>
          `${Math.round((now - startedAt(m)) / 1000)} libvirt-qemu libvirt-qemu qemu-system-x86 /usr/bin/qemu-system-x86_64 -name guest -uuid ${m.uuid} -S\n`,
      )
      .join('')
  }

  /** An interactive virsh: it echoes its input behind the prompt, as the real one does in a pipe. */
  #virsh(): Channel {
    const { channel, stdin, stdout, stderr } = this.#channel()
    stdout.write(
      "Welcome to virsh, the virtualization interactive terminal.\n\nType:  'help' for help with commands\n       'quit' to quit\n\n",
    )
    let queue = Promise.resolve()
    const answer = (line: string) => {
      queue = queue.then(async () => {
        if (!this.#channels.has(channel)) return
        stdout.write(`virsh # ${line}\n`)
        const words = splitWords(line)
        if (words[0] === 'echo')
          return void (words[1] === '--err'
            ? stderr.write(`error: ${words[2]}\n`)
            : stdout.write(`${words[1]}\n`))
        const { out, err } = await demoVirsh(this.#world, this.name, words)
        if (!this.#channels.has(channel)) return
        if (err) stderr.write(`${err}\n`)
        stdout.write(out ?? '\n')
      })
    }
    const lines = new Lines(2 ** 20)
    stdin.on('data', (data: Buffer) => lines.take(data.toString()).forEach(answer))
    return channel
  }

  #events(): Channel {
    return this.#follows(this.#world.hypervisors)
  }

  /** A shell that stays, fed by `hosts/shell.ts`: a command, then its status and a marker. */
  #shell(): Channel {
    const { channel, stdin, stdout, stderr } = this.#channel()
    let fed = ''
    stdin.on('data', (data: Buffer) => {
      fed += data.toString()
      for (let one = nextCommand(fed); one; one = nextCommand(fed)) {
        fed = one.rest
        const answer = demoCommand(this.#world, this.name, splitWords(one.command))
        stdout.write(`${answer.stdout}\n${answer.code}\n${one.marker}\n`)
        stderr.write(`${answer.stderr}${one.marker}\n`)
      }
    })
    return channel
  }

  /** A display that somebody lets be seen; of the demo there is nothing to be seen. */
  #look(words: readonly string[]): Channel {
    const { channel, stdout, stderr } = this.#channel()
    const leave = askInDemo(this.#world, words, {
      begin: () => stdout.write('{"done":true}\n'),
      end: (why) => {
        if (why) stderr.write(`vdd: ${why}\n`)
        channel.kill()
      },
    })
    channel.ended.then(leave, leave)
    return channel
  }

  /** What a drill runs here: it breaks something, or follows what becomes of it. */
  #drill(words: readonly string[]): Channel {
    const { channel, stdout } = this.#channel()
    const stop = this.#drills.run(words, (line) => {
      if (!stdout.writableEnded) stdout.write(`${line}\n`)
    })
    channel.ended.then(stop, stop)
    return channel
  }

  #log(): Channel {
    return this.#follows(this.#world.balancing)
  }

  /** What is told line by line of this host, as long as somebody listens. */
  #follows(told: Pick<World['balancing'], 'follow'>): Channel {
    const { channel, stdout } = this.#channel()
    const stop = told.follow(this.name, (line) => stdout.write(line))
    channel.ended.then(stop, stop)
    return channel
  }

  #channel() {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    let end: () => void = () => {}
    const ended = new Promise<{ code: number | null }>((resolve) => {
      end = () => resolve({ code: 0 })
    })
    const channel: Channel = {
      stdin,
      stdout,
      stderr,
      ended,
      kill: () => {
        stdin.end()
        stdout.end()
        stderr.end()
        this.#channels.delete(channel)
        end()
      },
    }
    this.#channels.add(channel)
    return { channel, stdin, stdout, stderr }
  }
}

/** The program and its words, without `env NAME=VALUE …` and virsh's own options. */
function commandOf(argv: Argv): { program: string; words: string[] } {
  const words: string[] = [...argv]
  if (words[0] === 'env') words.splice(0, 1 + words.slice(1).findIndex((word) => !word.includes('=')))
  const program = words.shift() ?? ''
  while (program === 'virsh' && words[0]?.startsWith('-'))
    words.splice(0, ['-c', '-k', '-K'].includes(words[0]) ? 2 : 1)
  return { program, words }
}

function nextCommand(fed: string): { command: string; marker: string; rest: string } | undefined {
  const found = /^(?:PATH=.*\nexport .*\n)?([\s\S]*?) <\/dev\/null\nprintf .* (\S+)\necho \2 >&2\n/.exec(fed)
  return found
    ? { command: found[1] ?? '', marker: found[2] ?? '', rest: fed.slice(found[0].length) }
    : undefined
}

/** virsh's own splitting of a line into words; quoting as in a shell. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'\\]|\\.|'[^']*')+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted, escaped) => quoted ?? escaped),
  )
}

function givenUp(host: string, { timeout, signal }: RunOptions): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = () => reject(new HostError('cancelled', host, say`cancelled`))
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    if (timeout)
      setTimeout(
        () => reject(new HostError('timeout', host, say`no answer in ${timeout / 1000} s`)),
        timeout,
      ).unref()
  })
}
