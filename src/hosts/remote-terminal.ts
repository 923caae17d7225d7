import type { ClientChannel } from 'ssh2'
import { orAborted } from './abort.ts'
import type { Terminal } from './host.ts'
import { lend } from './lend.ts'

/**
 * Connects the caller's terminal to a channel with a pty of its own: raw bytes both ways, window changes passed on,
 * until the command ends. No escape is looked for on the way; leaving is the command's own matter (`virsh`: ^]).
 *
 * @throws the reason of `lost` when the connection is lost; the terminal is the caller's again by then
 */
export function attach(
  channel: ClientChannel,
  terminal: Terminal,
  lost: AbortSignal,
): Promise<{ readonly code: number | null }> {
  const { stdin, stdout } = terminal
  return lend(terminal, async () => {
    const ended = Promise.withResolvers<{ code: number | null }>()
    channel.on('error', () => {})
    channel.on('close', (code?: number | null) => ended.resolve({ code: code ?? null }))
    const resize = () => channel.setWindow(stdout.rows, stdout.columns, 0, 0)
    const type = (bytes: Buffer) => channel.write(bytes)
    channel.pipe(stdout, { end: false })
    channel.stderr.pipe(stdout, { end: false })
    stdout.on('resize', resize) // Node tells it at SIGWINCH
    stdin.on('data', type)
    if (stdin.isTTY) stdin.setRawMode(true)
    stdin.resume()
    try {
      return await orAborted(ended.promise, lost)
    } finally {
      stdin.off('data', type)
      stdout.off('resize', resize)
      channel.unpipe(stdout)
      channel.stderr.unpipe(stdout)
      channel.close()
    }
  })
}
