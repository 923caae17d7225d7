import { spawn } from 'node:child_process'

/** Without job control: what runs hears no ^Z, so that nothing of this login is ever stopped and left for a shell (sh(1), trap). */
const unstoppable = ['sh', '-c', 'trap "" TSTP; exec "$@"', 'sh'] as const

/**
 * Runs a command on this terminal, which is its own meanwhile. Resolves with its exit status, 255 where it could not be started.
 *
 * @param locked it must not be stopped by ^Z
 */
export async function runOnTerminal(
  command: readonly [file: string, ...args: string[]],
  locked: boolean,
): Promise<number> {
  const [file, ...args] = locked ? [...unstoppable, ...command] : command
  if (file === undefined) return 255
  // This program is in the foreground with it.
  const ignore = () => {}
  if (locked) process.on('SIGTSTP', ignore)
  const child = spawn(file, args, { stdio: 'inherit' })
  try {
    return await new Promise<number>((resolve) => {
      child.on('error', () => resolve(255))
      child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 255)))
    })
  } finally {
    process.off('SIGTSTP', ignore)
  }
}
