import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { CommandStream } from '../../../hosts/remote-command.ts'
import { type Line, noX11, type XDisplay } from './line.ts'
import { type LineOptions, SshMaster } from './ssh-master.ts'
import { SshStream } from './ssh-stream.ts'

/**
 * By OpenSSH itself, which can what ssh2 cannot: a ticket of Kerberos. One process holds the connection, and each command is a session on it. To which display X11
 * goes is told to that process when it starts, so the session of the desktop has a connection of its own, which takes the place of the first one.
 */
export class OpenSshLine implements Line {
  readonly #options: LineOptions
  readonly #lost = new AbortController()
  #master: SshMaster
  #count = 1

  private constructor(options: LineOptions, master: SshMaster) {
    this.#options = options
    this.#master = master
    this.#follow(master)
  }

  /** @throws {HostError} `unreachable`, `hostkey`, `auth`, `cancelled` */
  static async open(options: LineOptions, signal: AbortSignal): Promise<OpenSshLine> {
    return new OpenSshLine(options, await SshMaster.open(options, join(options.folder, 'ssh1'), signal))
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  silence(): number {
    return this.#master.silence()
  }

  close(): void {
    this.#master.close()
  }

  async exec(text: string, display?: XDisplay): Promise<CommandStream> {
    if (!display) return this.#session(text)
    const before = this.#master
    const path = join(this.#options.folder, `ssh${++this.#count}`)
    const next = await SshMaster.open(this.#options, path, this.lost, display)
    if (this.lost.aborted || !next.carriesX11) {
      next.close()
      this.lost.throwIfAborted()
      throw noX11('it gives no DISPLAY')
    }
    this.#master = next
    this.#follow(next)
    before.close()
    return this.#session(text, ['-Y'])
  }

  #session(text: string, more: readonly string[] = []): SshStream {
    const { path, env, ended } = this.#master
    // Were the connection gone, ssh would make one of its own.
    const alone = ['-F', 'none', '-o', 'ProxyCommand=false', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR']
    const words = ['-S', path, ...alone, '-a', '-T', ...more, '--', this.#options.settings.name, text]
    return new SshStream(spawn('ssh', words, { env, detached: true, stdio: 'pipe' }), ended)
  }

  #follow(master: SshMaster): void {
    void master.ended.then((why) => {
      if (this.#master === master) this.#lost.abort(why)
    })
  }
}
