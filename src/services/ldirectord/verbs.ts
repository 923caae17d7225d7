import { label, say } from '../../hosts/label.ts'
import type { Step } from '../step.ts'

/** The balancer on which something is changed. */
export interface Target {
  readonly host: string
  readonly sudo: boolean
}

/** Without a name ldirectord takes this one, and its pid file is called after the name by which it was started. */
const usualConfig = '/etc/ha.d/ldirectord.cf'

/** Milliseconds: these only touch files. */
const timeout = 10_000

function asRoot({ sudo }: Target, ...argv: [string, ...string[]]): [string, ...string[]] {
  return sudo ? ['sudo', '-n', ...argv] : argv
}

/** Puts a file into the maintenance directory: ldirectord finds it at its next check. */
export function beginMaintenance(on: Target, directory: string, file: string): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'touch', '--', `${directory}/${file}`),
    what: say`maintenance of ${label(file)}`,
    timeout,
  }
}

/** Sends the running ldirectord the signal to read its configuration: ldirectord(8). The command takes 8 to 14 s (notes/lvs.md). */
export function reloadConfig(on: Target, configFile: string | undefined): Step {
  const file = configFile === undefined || configFile === usualConfig ? [] : [configFile]
  return {
    host: on.host,
    argv: asRoot(on, 'ldirectord', ...file, 'reload'),
    what: say`reload of ldirectord`,
    timeout: 60_000,
  }
}

export function endMaintenance(on: Target, directory: string, files: readonly string[]): Step {
  return {
    host: on.host,
    argv: asRoot(on, 'rm', '-f', '--', ...files.map((file) => `${directory}/${file}`)),
    what: say`end of maintenance`,
    timeout,
  }
}
