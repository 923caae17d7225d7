import { ConfigError, load, searchPath } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { journalFile, openConfigured } from '../fleet/open.ts'
import { defined } from '../hosts/defined.ts'
import { label, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions, Looking } from './global-options.ts'
import { traceTo } from './trace.ts'

/** Reads the configuration; what is wrong with it becomes a `Failure` that lists every fault. */
export function configuration(options: GlobalOptions): { file: string; config: Config } | undefined {
  try {
    return load(options.config)
  } catch (error) {
    if (error instanceof ConfigError)
      throw new Failure(exit.config, error.faults.map(label), { faults: error.faults })
    throw error
  }
}

/** The configuration, which verbs need: they never act on the demo by mistake. */
export function requireConfiguration(options: GlobalOptions): { file: string; config: Config } {
  const found = configuration(options)
  if (found) return found
  throw new Failure(
    exit.config,
    say`no configuration in ${label(searchPath().join(' or '))}; "vdd config example" prints one to start from, --demo uses the demo fleet`,
  )
}

/** The fleet of a configuration. */
export async function openAsConfigured(
  config: Config,
  {
    log,
    interval,
    readOnly,
    about,
    leastSpan,
    merge,
    notifyEvery,
    witness,
    calls = false,
  }: GlobalOptions & Looking,
  isVerb: boolean,
): Promise<Fleet> {
  const beside = await besideOf(config, !isVerb || calls)
  const given = { interval, readOnly, about, leastSpan, merge, notifyEvery, witness, beside }
  return await openConfigured(config, {
    ...defined(given),
    ...(log ? { onTrace: traceTo(log) } : {}),
    waits: isVerb && !calls,
  })
}

/** The code for calls is loaded only where somebody is to be called. */
async function besideOf(config: Config, calls: boolean) {
  if (!config.alerts) return undefined
  const { callerOf } = await import('./caller.ts')
  return callerOf(config.alerts, journalFile(config), calls)
}
