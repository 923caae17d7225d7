import type { Host } from './host.ts'
import { Rounds, type RoundsOptions } from './rounds.ts'
import { Shell } from './shell.ts'

interface ShellRoundsOptions extends Omit<RoundsOptions, 'host' | 'look' | 'end'> {
  readonly host: Host
  readonly look: (shell: Shell, signal: AbortSignal) => Promise<void>
}

/** Looks at a host again and again, with a shell that stays on it. */
export function shellRounds({ host, look, ...options }: ShellRoundsOptions): Rounds {
  let shell: Shell | undefined
  const end = () => shell?.close()
  return new Rounds({
    ...options,
    host: host.name,
    look: async (signal) => {
      if (!shell || shell.closed) shell = await Shell.open(host)
      if (signal.aborted) shell.close()
      await look(shell, signal)
    },
    end,
  })
}
