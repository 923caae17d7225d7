// A terminal for scripts: runs a command on a pty and keeps the screen that a person would see.
import xterm from '@xterm/headless'
import pty from 'node-pty'

/** @param {{columns?: number, rows?: number, term?: string, env?: Record<string, string>}} options */
export function openTerminal(command, args, { columns = 80, rows = 24, term = 'vt100', env = {} } = {}) {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  const { NO_COLOR: _, ...inherited } = process.env
  const child = pty.spawn(command, args, {
    cols: columns,
    rows,
    name: term,
    env: { ...inherited, TERM: term, ...env },
  })
  const listeners = new Set()
  let ended = false
  let whenEnded
  const end = new Promise((resolve) => {
    whenEnded = resolve
  })
  const tell = () => {
    for (const listener of listeners) listener()
  }
  let bytes = 0
  child.onData((data) => {
    bytes += Buffer.byteLength(data)
    screen.write(data, tell)
  })
  child.onExit(() => {
    ended = true
    whenEnded()
    tell()
  })
  const lines = () =>
    Array.from({ length: rows }, (_, y) => screen.buffer.active.getLine(y)?.translateToString(true) ?? '')
  return {
    pid: child.pid,
    lines,
    /** that it has been sent so far */
    bytes: () => bytes,
    press: (keys) => child.write(keys),
    end: () => child.kill('SIGTERM'),
    /** Resolves when the command has ended. */
    ended: end,
    /** Resolves with the milliseconds until the screen holds the text. */
    until(text, deadline = 30_000) {
      const began = performance.now()
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            finish(() =>
              reject(new Error(`not on the screen in ${deadline} ms: ${text}\n${lines().join('\n')}`)),
            ),
          deadline,
        )
        const finish = (settle) => {
          clearTimeout(timer)
          listeners.delete(check)
          settle()
        }
        const check = () => {
          if (
            text instanceof RegExp
              ? text.test(lines().join('\n'))
              : lines().some((line) => line.includes(text))
          )
            finish(() => resolve(performance.now() - began))
          else if (ended)
            finish(() => reject(new Error(`ended before the screen held: ${text}\n${lines().join('\n')}`)))
        }
        listeners.add(check)
        check()
      })
    },
  }
}
