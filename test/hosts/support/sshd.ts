import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { until } from '../../support/until.ts'

const PROGRAM = '/usr/sbin/sshd'

/** Why there can be no real sshd here, for the title of a skipped suite; `undefined` when there can. */
export const noSshd = existsSync(PROGRAM) ? undefined : `${PROGRAM} is missing: install openssh-server`

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa'

/** A home directory with a key and a known_hosts file of its own, removed by `remove()`. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), 'vdd-ssh-'))
  readonly knownHosts = join(this.path, '.ssh/known_hosts')
  /** ssh itself looks into the home of the account, and is not asked. */
  readonly surroundings = { home: this.path, env: {} as Record<string, string>, ssh: false as const }
  readonly #servers: Sshd[] = []

  constructor() {
    mkdirSync(join(this.path, '.ssh'), { mode: 0o700 })
    this.key('.ssh/id_ed25519')
    this.know('')
  }

  /** Makes a key pair and returns the path of the private half. */
  key(name: string, type: KeyType = 'ed25519', passphrase = ''): string {
    const file = join(this.path, name)
    const words = ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', file]
    execFileSync('ssh-keygen', words)
    return file
  }

  know(text: string): void {
    writeFileSync(this.knownHosts, text)
  }

  write(name: string, text: string): string {
    const file = join(this.path, name)
    writeFileSync(file, text)
    return file
  }

  /** A server that lets this home's key in; `remove()` ends it. */
  server(name: string, types: readonly KeyType[] = ['ed25519'], extra: readonly string[] = []): Sshd {
    const made = new Sshd(this, name, types, extra)
    this.#servers.push(made)
    return made
  }

  async remove(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()))
    rmSync(this.path, { recursive: true, force: true })
  }
}

export function publicKey(file: string): string {
  return readFileSync(`${file}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ')
}

/** A real sshd on 127.0.0.1, with host keys of its own, that lets the key of one home in. */
export class Sshd {
  port = 0
  readonly #home: Home
  readonly #name: string
  readonly #extra: readonly string[]
  readonly hostKeys: Partial<Record<KeyType, string>> = {}
  #process: ChildProcess | undefined
  log = ''

  constructor(
    home: Home,
    name: string,
    types: readonly KeyType[] = ['ed25519'],
    extra: readonly string[] = [],
  ) {
    this.#home = home
    this.#name = name
    this.#extra = extra
    for (const type of types) this.hostKeys[type] = home.key(`${name}_host_${type}`, type)
  }

  /** The line for known_hosts. */
  known(type: KeyType = 'ed25519'): string {
    return `[127.0.0.1]:${this.port} ${publicKey(this.hostKeys[type] ?? '')}\n`
  }

  async start(): Promise<void> {
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    this.port ||= await freePort()
    const config = this.#home.write(`${this.#name}_config`, this.#config())
    const words = ['-D', '-e', '-f', config]
    // OpenSSH >= 9.8 shuts out an address with failed logins, which these tests make on purpose
    const gentle = ['-o', 'PerSourcePenalties=no']
    const knows = spawnSync(PROGRAM, ['-t', '-f', config, ...gentle]).status === 0
    const child = spawn(PROGRAM, knows ? [...words, ...gentle] : words, {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr?.on('data', (text) => {
      this.log += text
    })
    this.#process = child
    await until(`sshd on port ${this.port}`, () => greets(this.port))
  }

  #config(): string {
    return [
      'ListenAddress 127.0.0.1',
      `Port ${this.port}`,
      ...Object.values(this.hostKeys).map((file) => `HostKey ${file}`),
      `AuthorizedKeysFile ${join(this.#home.path, '.ssh/id_ed25519.pub')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'AllowTcpForwarding yes',
      'MaxStartups 100',
      'LogLevel VERBOSE',
      // the shell's start files of whoever runs the tests are none of their business
      `SetEnv HOME=${this.#home.path}`,
      `AllowUsers ${userInfo().username}`,
      ...this.#extra,
      '',
    ].join('\n')
  }

  /** Sends a signal to sshd's processes: the listener and those of its connections, and with `commands` what they run. */
  signal(signal: NodeJS.Signals, commands = false): void {
    const pid = this.#process?.pid
    if (pid === undefined) return
    for (const one of tree(pid, commands)) {
      try {
        process.kill(one, signal)
      } catch {
        // ended meanwhile
      }
    }
  }

  /** Ends sshd as a crash would; every connection is lost. */
  async stop(): Promise<void> {
    const child = this.#process
    if (!child) return
    this.#process = undefined
    const ended = new Promise((resolve) => child.once('exit', resolve))
    for (const pid of tree(child.pid ?? 0, true)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // ended meanwhile
      }
    }
    await ended
  }
}

/** A process of ours and what it started; of sshd without `all` only the sshd processes. */
function tree(pid: number, all: boolean): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  const wanted = children.filter((child) => all || read(`/proc/${child}/comm`).startsWith('sshd'))
  return [pid, ...wanted.flatMap((child) => tree(child, all))]
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = (well: boolean) => {
      socket.destroy()
      resolve(well)
    }
    socket.once('data', (text) => done(text.toString().startsWith('SSH-2.0')))
    socket.once('error', () => done(false))
    socket.setTimeout(1000, () => done(false))
  })
}

/** The processes that carry this word in their command line. */
function carriers(word: string): number[] {
  const found = spawnSync('pgrep', ['-f', '--', word], { encoding: 'utf8' })
  return found.stdout.split('\n').filter(Boolean).map(Number)
}

/** Whether any process carries this word in its command line: a command that was meant to be gone. */
export function isRunning(word: string): boolean {
  return carriers(word).length > 0
}

/** Ends the commands that carry this word: an sshd that dies leaves those it ran behind. */
export function endOrphans(word: string): void {
  for (const pid of carriers(word)) {
    try {
      process.kill(pid)
    } catch {
      // Ended by itself meanwhile.
    }
  }
}
