import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { Duplex, type Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandStream } from '../../../hosts/remote-command.ts'

/** With this ssh(1) ends where the connection has gone, and where the command ended so. */
const lost = 255
/** Milliseconds in which the process that holds the connection tells which of them it was. */
const tells = 1000

/** The streams of a command that a process of ssh(1) has on another machine. */
export class SshStream extends Duplex implements CommandStream {
  readonly stderr: Readable
  readonly #ssh: ChildProcessWithoutNullStreams

  /** @param master settles when the connection has gone */
  constructor(ssh: ChildProcessWithoutNullStreams, master: Promise<unknown>) {
    super({ emitClose: false })
    this.#ssh = ssh
    this.stderr = ssh.stderr
    ssh.stdin.on('error', () => {}) // that it has gone its end tells
    ssh.stdout.on('data', (piece) => {
      if (!this.push(piece)) ssh.stdout.pause()
    })
    ssh.on('error', () => {}) // its end follows
    ssh.on('close', async (code) => {
      this.push(null)
      if (code === lost) await Promise.race([master, sleep(tells, undefined, { ref: false })])
      this.emit('close', code)
    })
  }

  override _read(): void {
    this.#ssh.stdout.resume()
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#ssh.stdin.write(piece, () => done())
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(() => done())
  }

  /** ssh(1) sends none. */
  signal(): void {}

  close(): void {
    this.#ssh.kill()
  }
}
