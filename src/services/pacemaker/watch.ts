import { defined } from '../../hosts/defined.ts'
import type { Host } from '../../hosts/host.ts'
import type { Rounds } from '../../hosts/rounds.ts'
import { Seldom } from '../../hosts/seldom.ts'
import { shellRounds } from '../../hosts/shell-rounds.ts'
import { readCluster, readLeftRules, readMachines } from './client.ts'
import type { CarriedMachine, LocationRule, PacemakerSink } from './facts.ts'
import { isMachineAgent } from './machines.ts'

interface PacemakerWatchOptions {
  readonly host: Host
  /** milliseconds between two looks */
  readonly interval: number
  readonly sink: PacemakerSink
  readonly now: () => number
}

/** Milliseconds for one command, as for everything that is asked by a shell that stays. */
const timeout = 10_000

/** Watches what a node of a Pacemaker cluster tells of it. */
export function watchPacemaker({ host, interval, sink, now }: PacemakerWatchOptions): Rounds {
  const { name } = host
  const rules = new Seldom<readonly LocationRule[] | undefined>(now)
  const machines = new Seldom<readonly CarriedMachine[] | undefined>(now)
  return shellRounds({
    host,
    interval,
    now,
    look: async (shell, signal) => {
      const asking = { host: name, shell, timeout }
      const began = now()
      const cluster = await readCluster(asking)
      const { value: left } = await rules.ask(() => readLeftRules(asking))
      // What they are called does not change often, and where there are none nobody asks.
      const hasMachines = cluster.resources.some(({ agent }) => isMachineAgent(agent))
      const { value: carried } = hasMachines
        ? await machines.ask(() => readMachines(asking))
        : { value: undefined }
      if (!signal.aborted)
        sink.reading({
          host: name,
          at: now(),
          took: now() - began,
          cluster,
          ...defined({ left, machines: carried }),
        })
    },
    failed: (error) => {
      rules.forget()
      machines.forget()
      sink.trouble(name, error)
    },
  })
}
