import { writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type How, hows } from '../actions/drill/breaking.ts'
import type { Drill } from '../actions/drill/carry-out.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { whoAmI } from '../fleet/who.ts'
import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { endsInOrder, onEnding } from '../terminal/ending.ts'
import { askLine } from './change.ts'
import { exit, Failure } from './exit.ts'
import { findFrontend } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addLoadOptions, type LoadOptions, targetsFrom } from './load.ts'
import { openFleet } from './open.ts'
import { json, print, warn } from './output.ts'
import { closeFleet } from './with-fleet.ts'

interface DrillOptions extends LoadOptions {
  readonly how: How
  readonly yes?: string
  readonly report?: string
}

/** Seconds for which something may stay broken. */
const longest = 600
/** Milliseconds until all that a drill needs is known. */
const askingTime = 60_000

function seconds(text: string): number {
  const value = Number(text)
  if (!(value >= 1 && value <= longest)) throw new InvalidArgumentError(`seconds, from 1 to ${longest}`)
  return value
}

/** `vdd drill frontend`: breaks one on purpose, for a time, under load, and measures what becomes of it. */
export function addDrillVerbs(program: Command, finish: (code: number) => void): void {
  const noun = program
    .command('drill')
    .description('Breaks something on purpose, for a time, and measures what becomes of it.')
  const verb = noun
    .command('frontend <FRONTEND>')
    .description('Breaks the slapd of a front end under load, where the configuration allows drills.')
    .addOption(
      new Option('--how <HOW>', 'kill: SIGKILL; stop: SIGSTOP (default: kill)').choices(hows).default('kill'),
    )
    .option('--for <SECONDS>', 'put back after so long, by the host itself (default: 10)', seconds, 10)
  addLoadOptions(verb)
    .option('--report <FILE>', 'write it there, as Markdown')
    .option('--yes <FRONTEND>', 'do not ask: its name once more')
    .option('--json', 'as JSON')
    .action(async (word: string, options: DrillOptions) =>
      finish(await drill(program.opts() as GlobalOptions, word, options)),
    )
}

async function drill(globals: GlobalOptions, word: string, options: DrillOptions): Promise<number> {
  const fleet = await openFleet(globals, false)
  const ended = new AbortController()
  const ignore = onEnding(
    ({ message }) => {
      endsInOrder()
      if (message) warn(message)
      ended.abort(new Failure(exit.failed, say`ended; what is broken is put back by its host`))
    },
    { input: false },
  )
  fleet.start()
  try {
    return await carriedOut(fleet, word, options, ended.signal)
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error
  } finally {
    await closeFleet(fleet)
    ignore()
  }
}

async function carriedOut(
  fleet: Fleet,
  word: string,
  options: DrillOptions,
  signal: AbortSignal,
): Promise<number> {
  const { carryOut, drillText } = await import('../actions/drill/carry-out.ts')
  const { how, for: seconds, connections, rate, yes, report } = options
  const found = await drillFound(fleet, word, options, signal)
  const name = found.frontend.name
  if (yes !== undefined && yes !== name && yes !== found.frontend.address)
    throw new Failure(exit.usage, say`--yes ${label(yes)}: it is ${name} that would be broken`)
  const what = drillText(found, { how, seconds })
  if (yes === undefined) {
    if (!process.stdin.isTTY) throw new Failure(exit.usage, say`drill: nobody to ask; add --yes ${name}`)
    warn(say`Drill:\n`.trimEnd())
    warn(say`  ${what}`)
    const reply = await askLine(`Type ${name} to do it: `)
    if (reply !== name) throw new Failure(exit.refused, say`not done`)
  }
  const tell = (text: string) => {
    if (!options.json) warn(text)
  }
  const result = await carryOut(found, fleet, {
    how,
    seconds,
    connections,
    rate,
    who: whoAmI(),
    tell,
    signal,
  })
  const { agreementLines, drillJson, drillReport, drillSentence, isAgreed } = await import(
    '../views/drill/report.ts'
  )
  const { drawingOf } = await import('../views/drill/drawing.ts')
  if (report !== undefined) written(report, drillReport(result, { connections, rate }))
  if (options.json) print(json(drillJson(result)))
  else print([drillSentence(result), ...drawingOf(result), ...agreementLines(result)].join('\n'))
  return isAgreed(result) && result.in !== undefined ? exit.ok : exit.failed
}

function written(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    // What was seen is printed all the same.
    warn(say`vdd: --report ${label(file)}: ${whyOf(error)}`)
  }
}

/** Waits until all is known that a drill needs; what stands against it then is why there is none. */
async function drillFound(
  fleet: Fleet,
  word: string,
  options: DrillOptions,
  signal: AbortSignal,
): Promise<Drill> {
  const { drillOf } = await import('../actions/drill/carry-out.ts')
  const look = (snapshot: Snapshot) => {
    const frontend = findFrontend(snapshot, word)
    const targets = targetsFrom(fleet, snapshot, [], options)
    return drillOf(frontend, targets, fleet, snapshot)
  }
  const isReady = (snapshot: Snapshot): Drill | undefined => {
    if (!snapshot.services.length) return undefined
    try {
      const found = look(snapshot)
      if (typeof found === 'string') return undefined
      // Without the clocks no time could be compared, and without the state of ldirectord nobody knows who owns the weights.
      const hosts = [found.frontend.host, found.service.balancer]
      const areKnown = hosts.every((one) =>
        snapshot.clocks.some(({ host, reading }) => host === one && reading),
      )
      return areKnown ? found : undefined
    } catch {
      return undefined
    }
  }
  const isRefused = fleet.readOnly || !fleet.drills || fleet.demo
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(isRefused ? 1_500 : askingTime)])
  try {
    return await fleet.until(isReady, waiting)
  } catch {
    signal.throwIfAborted()
    const found = look(fleet.snapshot())
    if (typeof found !== 'string') return found
    throw new Failure(exit.refused, found)
  }
}
