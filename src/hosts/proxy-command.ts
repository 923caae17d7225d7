import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { type Label, label, say } from './label.ts'

/** A connection through the standard input and output of a local command. */
export interface Pipe {
  readonly stream: Duplex
  /** What the command last said on standard error, or how it ended; empty when there is nothing to say. */
  complaint(): Label
  close(): void
}

/**
 * Starts a ProxyCommand as OpenSSH does: the operator's own text, run by the user's shell with `exec` before it.
 * It gets no terminal to ask on, and its words do not reach the screen.
 */
export function openProxyCommand(command: string): Pipe {
  const child = spawn(process.env.SHELL || '/bin/sh', ['-c', `exec ${command}`], { detached: true })
  const close = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    } catch {
      // ESRCH: it has ended
    }
  }
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    write: (piece, _encoding, done) => void child.stdin.write(piece, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      close()
      done(error)
    },
  })
  let last = ''
  child.stdin.on('error', () => {}) // EPIPE: the end of its output says that it has gone
  child.stdout.on('data', (piece) => {
    if (!stream.push(piece)) child.stdout.pause()
  })
  child.stderr.on('data', (piece: Buffer) => {
    last = piece.toString('utf8').trim().split('\n').at(-1) || last
  })
  child.on('error', (error) => stream.destroy(error))
  child.on('close', (code, signal) => {
    last ||= `ended with ${signal ?? `exit status ${code}`}`
    stream.push(null) // not before its last words on standard error are read
  })
  stream.on('error', () => {})
  return { stream, complaint: () => (last ? say`ProxyCommand: ${label(last)}` : label('')), close }
}
