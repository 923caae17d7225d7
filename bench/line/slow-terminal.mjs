// A terminal at the end of a slow line: what the program sends is read at the speed of the line and no faster.
import { readSync } from 'node:fs'
import xterm from '@xterm/headless'
import pty from 'node-pty'

/** How often, in milliseconds, bytes are taken off the line. */
const step = 5

/** @param {{columns: number, rows: number, term: string, bytesPerSecond: number, env?: Record<string, string>}} options */
export function openSlowTerminal(command, args, { columns, rows, term, bytesPerSecond, env = {} }) {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const { NO_COLOR: _, ...inherited } = process.env
  const child = pty.spawn(command, args, {
    cols: columns,
    rows,
    name: term,
    env: { ...inherited, TERM: term, ...env },
  })
  // Reading is done here, byte by byte as they come over the line.
  child.pause()
  // A socket that is paused still takes the first bytes that come.
  child._socket._handle.readStop()
  const buffer = Buffer.alloc(4096)
  let last = performance.now()
  let credit = 0
  let received = 0
  let listener = () => {}
  const timer = setInterval(() => {
    const now = performance.now()
    credit += ((now - last) / 1000) * bytesPerSecond
    last = now
    const want = Math.min(buffer.length, Math.floor(credit))
    if (want < 1) return
    let count = 0
    try {
      count = readSync(child._fd, buffer, 0, want, null)
    } catch (error) {
      if (error.code !== 'EAGAIN') clearInterval(timer)
    }
    // A line that was idle does not make up for it.
    credit = count < want ? Math.min(1, credit - count) : credit - count
    received += count
    if (count) screen.write(buffer.subarray(0, count), () => listener())
  }, step)
  const lines = () =>
    Array.from({ length: rows }, (_, y) => screen.buffer.active.getLine(y)?.translateToString(true) ?? '')
  return {
    pid: child.pid,
    lines,
    received: () => received,
    press: (keys) => child.write(keys),
    end: () => {
      clearInterval(timer)
      child.kill('SIGTERM')
    },
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
