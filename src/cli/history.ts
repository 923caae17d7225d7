import type { Command } from 'commander'
import type { Config } from '../config/schema.ts'
import { metrics } from '../fleet/history/history.ts'
import { type Minute, Minutes } from '../fleet/history/minutes.ts'
import { label, say } from '../hosts/label.ts'
import { sparkline } from '../text/chart.ts'
import { dateTime } from '../text/format.ts'
import { exit, Failure } from './exit.ts'
import { noSuch } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addTimeOptions, checkTimes, type Narrowing } from './narrow.ts'
import { json, print, table, warn } from './output.ts'

interface HistoryOptions extends Pick<Narrowing, 'since' | 'until'> {
  readonly metric: string
  readonly json?: boolean
}

/** `vdd frontend history`: what consoles have kept of a front end, without asking any host. */
export function addHistoryVerb(
  noun: Command,
  globals: () => GlobalOptions,
  finish: (code: number) => void,
): void {
  const verb = noun
    .command('history <FRONTEND>')
    .description('Shows what a front end did in the last day, minute by minute, as consoles have kept it.')
  addTimeOptions(verb)
    .option('--metric <NAME>', `one of ${metrics.join(', ')} (default: connections)`, 'connections')
    .option('--json', 'as JSON')
    .action(async (word: string, options: HistoryOptions) => finish(await show(word, options, globals())))
}

async function show(word: string, options: HistoryOptions, globals: GlobalOptions): Promise<number> {
  const { metric, json: asJson, since = -Infinity, until = Infinity } = options
  checkTimes(options)
  if (!(metrics as readonly string[]).includes(metric))
    throw new Failure(exit.usage, say`--metric: one of ${label(metrics.join(', '))}`)
  if (globals.demo) throw new Failure(exit.config, say`the demo keeps no history`)
  const { requireConfiguration } = await import('./configured.ts')
  const { journalFile } = await import('../fleet/open.ts')
  const { config } = requireConfiguration(globals)
  if (!config.keepHistory)
    throw new Failure(exit.config, say`no history is kept: "keepHistory: true" in the configuration`)
  const host = config.hosts.find(({ name }) => name === word)
  const addresses = [word, ...(host?.serves ?? []), ...(host?.address ? [host.address] : [])]
  const kept = read(journalFile(config))
  const found = kept.filter(
    ({ metric: what, object, at }) =>
      what === metric && addresses.includes(object) && at >= since && at <= until,
  )
  if (!host && !kept.some(({ object }) => object === word)) throw noFrontend(word, config, kept)
  if (asJson)
    print(
      json(
        found.map(({ at, object, value }) => ({
          at: new Date(at).toISOString(),
          address: object,
          metric,
          value,
        })),
      ),
    )
  else if (found.length) print(text(found))
  else warn(`vdd: nothing is kept of ${label(word)}; a console has to run for that`)
  return exit.ok
}

/** Whoever is in neither is none: the balancers are not asked here. */
function noFrontend(word: string, { hosts }: Config, kept: readonly Minute[]): Failure {
  const own = hosts.filter(({ roles }) => roles.includes('frontend'))
  const known = [...own.map(({ name }) => name), ...kept.map(({ object }) => object)]
  return noSuch({ what: say`front end`, word, known, list: 'frontend list' })
}

function read(file: string): Minute[] {
  const minutes = new Minutes(file)
  try {
    return minutes.read(Date.now())
  } finally {
    minutes.close()
  }
}

/** Ten minutes a line, with their course. */
function text(found: readonly Minute[]): string {
  const tens = Map.groupBy(found, ({ at }) => Math.floor(at / 600_000))
  const greatest = Math.max(...found.map(({ value }) => value))
  const rows = [...tens.values()].map((some) => {
    const values = some.map(({ value }) => value)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return [
      dateTime(some[0]?.at ?? 0),
      label(mean.toFixed(1)),
      label(Math.max(...values).toFixed(1)),
      sparkline(values, greatest),
    ]
  })
  return table(['FROM', 'MEAN', 'MOST', 'COURSE'], rows, [1, 2])
}
