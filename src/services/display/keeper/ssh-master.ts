import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { HostError } from '../../../hosts/host.ts'
import { label, say } from '../../../hosts/label.ts'
import { sshWords } from '../../../hosts/openssh.ts'
import type { SshSettings, Surroundings } from '../../../hosts/ssh-settings.ts'
import type { XDisplay } from './line.ts'

export interface LineOptions {
  readonly settings: SshSettings
  readonly surroundings: Surroundings
  /** the channel's own folder, which nobody else may enter: whoever reaches a socket in it is logged in */
  readonly folder: string
  /** as in `PreferredAuthentications`: no other way is tried */
  readonly by: string
}

/** Seconds between two questions whether the machine is there, unanswered ones that are borne, and seconds until somebody is logged in. */
const patience = { interval: 5, most: 24, login: 20 } as const
/** Characters of its last words. */
const mostWords = 2000
/** What the machine says first, and then what DISPLAY is there. */
const mark = 'vdd-line:'

/** Whatever somebody's ssh configuration says: host keys are verified, nobody is asked, nothing is done beside it. What it does not know is no error. */
const strict = {
  IgnoreUnknown: 'GSSAPIKeyExchange,ForkAfterAuthentication,StdinNull,SessionType',
  StrictHostKeyChecking: 'yes',
  VerifyHostKeyDNS: 'no',
  NoHostAuthenticationForLocalhost: 'no',
  UpdateHostKeys: 'no',
  GSSAPIKeyExchange: 'no',
  BatchMode: 'yes',
  ControlPersist: 'no',
  ForkAfterAuthentication: 'no',
  StdinNull: 'no',
  SessionType: 'default',
  RemoteCommand: 'none',
  PermitLocalCommand: 'no',
  ClearAllForwardings: 'yes',
  ForwardX11Trusted: 'yes',
  LogLevel: 'ERROR',
  ConnectTimeout: '15',
  ServerAliveInterval: String(patience.interval),
  ServerAliveCountMax: String(patience.most),
} as const

/** The process of ssh(1) that holds a connection, for others to have their sessions on it. It ends when this process does, however that ends. */
export class SshMaster {
  /** the socket by which it is reached */
  readonly path: string
  readonly env: Surroundings['env']
  /** settles with why it has ended */
  readonly ended: Promise<HostError>
  #display = ''
  #isPulsing = true
  #heardAt = performance.now()
  readonly #ssh: ChildProcessWithoutNullStreams

  private constructor({ settings, surroundings, by }: LineOptions, path: string, display?: XDisplay) {
    const { home, env } = surroundings
    this.path = path
    const shown = display && { DISPLAY: `:${display.number}`, XAUTHORITY: display.authority }
    this.env = { ...env, ...shown, SSH_ASKPASS_REQUIRE: 'never' }
    const options = Object.entries({ ...strict, PreferredAuthentications: by }).flatMap(([key, value]) => [
      '-o',
      `${key}=${value}`,
    ])
    // By what comes back it is known that the machine is there: ssh itself tells nobody what it hears.
    const pulse = `echo "${mark}$DISPLAY"; exec cat`
    const ssh = ['ssh', '-M', '-S', path, ...options, '-a', '-T', display ? '-Y' : '-x']
    const words = ['--pdeathsig', 'KILL', '--', ...ssh, ...sshWords(settings, home), pulse]
    this.#ssh = spawn('setpriv', words, { env: this.env, detached: true, stdio: 'pipe' })
    this.ended = this.#follow(settings.name)
  }

  /** @throws {HostError} `unreachable`, `hostkey`, `auth`; the reason of the signal */
  static async open(
    options: LineOptions,
    path: string,
    signal: AbortSignal,
    display?: XDisplay,
  ): Promise<SshMaster> {
    signal.throwIfAborted()
    const master = new SshMaster(options, path, display)
    const close = () => master.close()
    const late = setTimeout(close, patience.login * 1000)
    signal.addEventListener('abort', close, { once: true })
    try {
      await master.#ready()
      return master
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', close)
      signal.throwIfAborted()
    }
  }

  get carriesX11(): boolean {
    return this.#display !== ''
  }

  silence(): number {
    return this.#isPulsing ? performance.now() - this.#heardAt : 0
  }

  close(): void {
    this.#ssh.kill()
  }

  async #ready(): Promise<void> {
    const { stdout, stdin } = this.#ssh
    const { promise: stands, resolve } = Promise.withResolvers<void>()
    let said = ''
    stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#heardAt = performance.now()
      if (said.includes(mark)) return
      said = (said + text).slice(-mostWords)
      const display = new RegExp(`${mark}(.*)\n`).exec(said)?.[1]
      if (display === undefined) return
      said = mark
      this.#display = display
      resolve()
    })
    await Promise.race([stands, this.ended.then((why) => Promise.reject(why))])
    const pulse = setInterval(() => stdin.write('\n'), patience.interval * 1000).unref()
    // Ended by somebody there: then ssh's own questions have to do.
    stdout.on('end', () => {
      this.#isPulsing = false
      clearInterval(pulse)
    })
  }

  #follow(host: string): Promise<HostError> {
    const ssh = this.#ssh
    let words = ''
    ssh.stdin.on('error', () => {})
    ssh.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-mostWords)
    })
    return new Promise((resolve) => {
      ssh.on('error', (error) => resolve(new HostError('unreachable', host, label(error.message))))
      ssh.on('close', () => resolve(whyEnded(host, words)))
    })
  }
}

/** What ssh's last words mean. */
function whyEnded(host: string, words: string): HostError {
  const last = label(words.trim().split(/\s*\n/).at(-1) ?? '')
  if (/Host key verification failed/i.test(words)) return new HostError('hostkey', host, last)
  if (/Permission denied/i.test(words)) return new HostError('auth', host, last)
  if (/not responding/i.test(words))
    return new HostError('unreachable', host, label('connection lost: the host answers no more'))
  return new HostError('unreachable', host, last || say`the host closed the connection`)
}
