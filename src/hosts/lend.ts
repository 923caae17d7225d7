import type { Terminal } from './host.ts'

/**
 * Hands the terminal to `work` in the state in which a program expects it (line mode, nobody else reading), and
 * takes it back as it was on every way out. Signals that its keys cause are for the borrower, not for the console.
 */
export async function lend<T>({ stdin }: Terminal, work: () => Promise<T>): Promise<T> {
  const wasRaw = stdin.isTTY && stdin.isRaw
  const wasFlowing = !stdin.isPaused() && stdin.readableFlowing === true
  const ignore = () => {}
  stdin.pause()
  if (wasRaw) stdin.setRawMode(false)
  for (const signal of borrowed) process.on(signal, ignore)
  try {
    return await work()
  } finally {
    for (const signal of borrowed) process.off(signal, ignore)
    if (stdin.isTTY) stdin.setRawMode(wasRaw)
    if (wasFlowing) stdin.resume()
    else stdin.pause()
  }
}

const borrowed = ['SIGINT', 'SIGQUIT'] as const
