import type { Command } from 'commander'
import type { StandingAlert } from '../fleet/alerts/book.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { whyOf } from '../hosts/host.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { isLoopback, type Place, placeOf, type Served, serveMetrics } from '../outside/metrics/server.ts'
import { endsInOrder, onEnding } from '../terminal/ending.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { metricsOf } from './metrics.ts'
import { openFleet } from './open.ts'
import { print, warn } from './output.ts'
import { closeFleet } from './with-fleet.ts'

/** Milliseconds between two looks at what is wrong. */
const lookEvery = 1_000
/** Nobody presses a key here, and hosts are to be asked as often as by a console at which somebody sits. */
const attentionEvery = 60_000
/** What comes at once is told up to here one by one. */
const mostLines = 50

/** `vdd watch`: the console without a screen. */
export function addWatchVerb(program: Command, finish: (code: number) => void): void {
  program
    .command('watch')
    .description(
      'Watches without a screen: keeps the journal and calls somebody (alerts.run), until it is ended.',
    )
    .option('--metrics <ADDRESS:PORT>', 'serve OpenMetrics there, at /metrics')
    .option('--exposed', 'also on an address that other machines reach')
    .action(async (options: WatchOptions) => {
      const place = placeFrom(options)
      const fleet = await openFleet({ ...(program.opts() as GlobalOptions), calls: true }, false)
      const served = place && (await serve(place, fleet))
      finish(await watch(fleet, served))
    })
}

interface WatchOptions {
  readonly metrics?: string
  readonly exposed?: boolean
}

/** Metrics tell much of a cluster, and everybody who reaches the place may read them. */
function placeFrom({ metrics, exposed }: WatchOptions): Place | undefined {
  if (metrics === undefined) {
    if (exposed) throw new Failure(exit.usage, say`--exposed is about the address of --metrics`)
    return undefined
  }
  const place = placeOf(metrics)
  if (!place)
    throw new Failure(exit.usage, say`--metrics ${label(metrics)}: an address and a port, as 127.0.0.1:9464`)
  if (!exposed && !isLoopback(place))
    throw new Failure(
      exit.usage,
      say`--metrics ${label(metrics)}: other machines reach it, and everybody may read it there; --exposed if that is meant`,
    )
  return place
}

async function serve(place: Place, fleet: Fleet): Promise<Served> {
  const text = await metricsOf()
  try {
    return await serveMetrics(place, () => text(fleet))
  } catch (error) {
    await closeFleet(fleet)
    throw new Failure(exit.failed, say`--metrics: ${whyOf(error)}`)
  }
}

/** Until a signal comes; resolves with the exit status. A service that is stopped has not failed. */
async function watch(fleet: Fleet, served: Served | undefined): Promise<number> {
  const told = new Told()
  const { promise: ending, resolve: ended } = Promise.withResolvers<{ code: number; message?: string }>()
  const ignore = onEnding(ended, { input: false })
  print(beginning(fleet, served))
  if (fleet.journal.doubt) warn(`vdd: ${fleet.journal.doubt}`)
  const look = setInterval(() => {
    for (const line of told.news(fleet.alerts(), fleet.journal.trouble ?? fleet.past?.trouble)) warn(line)
  }, lookEvery)
  const attention = setInterval(() => fleet.attention(), attentionEvery)
  fleet.start()
  const { code, message } = await ending
  endsInOrder()
  served?.close()
  clearInterval(look)
  clearInterval(attention)
  if (message) warn(message)
  await closeFleet(fleet)
  ignore()
  return code > 128 ? exit.ok : code
}

function beginning(fleet: Fleet, served: Served | undefined): Label {
  const { hosts } = fleet.snapshot()
  const count = hosts.length === 1 ? say`1 host` : say`${hosts.length} hosts`
  const calls = fleet.calls ? say`calls ${fleet.calls}` : say`calls nobody (no alerts.run)`
  const at = served ? say`; metrics at ${label(served.url)}` : say``
  return say`watching ${fleet.cluster}: ${count}; ${calls}${at}`
}

/** What has been said of what is wrong. */
export class Told {
  #standing = new Map<string, Pick<StandingAlert, 'severity' | 'name' | 'text'>>()
  #trouble: Label | undefined

  /** Lines for what has begun, become worse, or is over since the last time. */
  news(alerts: readonly StandingAlert[], trouble: Label | undefined): Label[] {
    const before = this.#standing
    const isNews = ({ id, severity }: StandingAlert) => {
      const known = before.get(id)?.severity
      return known === undefined || (known === 'warning' && severity === 'bad')
    }
    this.#standing = new Map(alerts.map((alert) => [alert.id, alert]))
    const over = [...before].filter(([id]) => !this.#standing.has(id))
    const lines = [
      ...alerts
        .filter(isNews)
        .map(({ severity, name, text }) => say`${label(severity.padEnd(7))}  ${name}: ${text}`),
      ...over.map(([, { name, text }]) => say`over     ${name}: ${text}`),
    ]
    const more = lines.length - mostLines
    const shown = more > 0 ? [...lines.slice(0, mostLines), say`and ${more} more: vdd alert list`] : lines
    const isNew = trouble && trouble !== this.#trouble
    this.#trouble = trouble
    return isNew ? [say`vdd: ${trouble}`, ...shown] : shown
  }
}
