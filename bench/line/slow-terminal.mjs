// A terminal at the end of a slow line: what the program sends is read at the speed of the line and no faster.
import { spawn } from 'node:child_process'
import xterm from '@xterm/headless'

const slowPty = new URL('slow-pty.py', import.meta.url).pathname

/** @param {{columns: number, rows: number, term: string, bytesPerSecond: number, env?: Record<string, string>}} options */
export function openSlowTerminal(command, args, { columns, rows, term, bytesPerSecond, env = {} }) {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const { NO_COLOR: _, ...inherited } = process.env
  const line = [rows, columns, bytesPerSecond].map(String)
  const child = spawn('python3', [slowPty, ...line, command, ...args], {
    env: { ...inherited, TERM: term, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let received = 0
  let listener = () => {}
  child.stdout.on('data', (bytes) => {
    received += bytes.length
    screen.write(bytes, () => listener())
  })
  const lines = () =>
    Array.from({ length: rows }, (_, y) => screen.buffer.active.getLine(y)?.translateToString(true) ?? '')
  return {
    /** of what has the terminal, which is the parent of the command */
    pid: child.pid,
    lines,
    received: () => received,
    press: (keys) => child.stdin.write(keys),
    end: () => child.kill('SIGTERM'),
    /** Resolves with the milliseconds until the screen is so. */
    until(holds, deadline = 30_000) {
      const began = performance.now()
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`not within ${deadline} ms\n${lines().join('\n')}`)),
          deadline,
        )
        listener = () => {
          if (!holds(lines())) return
          clearTimeout(late)
          listener = () => {}
          resolve(performance.now() - began)
        }
        listener()
      })
    },
  }
}
