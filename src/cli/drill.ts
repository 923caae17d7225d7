import { writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { whyNone } from '../actions/drill/allowed.ts'
import type { Drill, DrillKind } from '../actions/drill/kind.ts'
import { drillKinds } from '../actions/drill/kinds.ts'
import { drillSentence, drillText } from '../fleet/drill/words.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { whoAmI } from '../fleet/who.ts'
import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { endsInOrder, onEnding } from '../terminal/ending.ts'
import { askLine } from './change.ts'
import { DrillLines } from './drill-lines.ts'
import { exit, Failure } from './exit.ts'
import { findFrontend, findHost } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import { addLoadOptions, type LoadOptions, targetsOf } from './load.ts'
import { findOne } from './noun.ts'
import { openFleet } from './open.ts'
import { json, print, warn } from './output.ts'
import { closeFleet } from './with-fleet.ts'

interface DrillOptions extends LoadOptions {
  /** none: there is one way alone */
  readonly how?: string
  readonly service?: string
  readonly yes?: string
  readonly report?: string
}

/** Seconds for which something may stay broken. */
const longest = 600
/** Milliseconds until all that a drill needs is known. */
const askingTime = 60_000
/** Milliseconds for which something has to stand against a drill: what is known comes bit by bit. */
const standing = 8_000

function seconds(text: string): number {
  const value = Number(text)
  if (!(value >= 1 && value <= longest)) throw new InvalidArgumentError(`seconds, from 1 to ${longest}`)
  return value
}

/** `vdd drill`: breaks something on purpose, for a time, under load, and measures what becomes of it. A verb for each kind. */
export function addDrillVerbs(program: Command, finish: (code: number) => void): void {
  const noun = program
    .command('drill')
    .description('Breaks something on purpose, for a time, and measures what becomes of it.')
  for (const kind of drillKinds) {
    const argument = kind.subject.toUpperCase()
    const hows = Object.keys(kind.hows)
    const verb = noun.command(`${kind.name} <${argument}>`).description(kind.help)
    if (hows.length > 1) {
      const words = Object.entries(kind.hows).map(([how, what]) => `${how}: ${what}`)
      verb.addOption(
        new Option('--how <HOW>', `${words.join('; ')} (default: ${hows[0]})`).choices(hows).default(hows[0]),
      )
    }
    verb
      .option('--for <SECONDS>', 'put back after so long, by the host itself (default: 10)', seconds, 10)
      .option(
        '--service <SERVICE>',
        'put load on this one; default: on the first that can be asked, LDAP before RADIUS',
      )
    addLoadOptions(verb)
      .option('--report <FILE>', 'write it there, as Markdown')
      .option(`--yes <${argument}>`, 'do not ask: its name once more')
      .option('--json', 'as JSON')
      .action(async (word: string, options: DrillOptions) =>
        finish(
          await drill(program.opts() as GlobalOptions, {
            kind,
            word,
            how: options.how ?? hows[0] ?? '',
            options,
          }),
        ),
      )
  }
}

/** What was asked for. */
interface Asked {
  readonly kind: AnyKind
  readonly word: string
  readonly how: string
  readonly options: DrillOptions
}

type AnyKind = (typeof drillKinds)[number]

async function drill(globals: GlobalOptions, asked: Asked): Promise<number> {
  const fleet = await openFleet(globals, false)
  const ended = new AbortController()
  const ignore = onEnding(
    ({ message }) => {
      endsInOrder()
      if (message) warn(message)
      ended.abort(new Failure(exit.failed, say`ended; if something is broken already, its host puts it back`))
    },
    { input: false },
  )
  fleet.start()
  try {
    return await carriedOut(fleet, asked, ended.signal)
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error
  } finally {
    await closeFleet(fleet)
    ignore()
  }
}

async function carriedOut(fleet: Fleet, asked: Asked, signal: AbortSignal): Promise<number> {
  const { carryOut } = await import('../actions/drill/carry-out.ts')
  const { how, options } = asked
  const { for: seconds, connections, rate, yes, report } = options
  const found = await drillFound(fleet, asked, signal)
  const { name } = found
  if (yes !== undefined && yes !== name && yes !== found.address)
    throw new Failure(exit.usage, say`--yes ${label(yes)}: it is ${name} that would be broken`)
  const what = drillText({ ...found, seconds })
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
  const lines = new DrillLines()
  const live = fleet.subscribe(() => {
    const [newest] = fleet.drilling.list
    for (const line of newest ? lines.of(newest) : []) tell(line)
  })
  const holding = carryOut(found, fleet, { how, seconds, connections, rate, who: whoAmI(), tell, signal })
  const result = await holding.finally(live)
  const { agreementLines, drillJson, drillReport, isAgreed } = await import('../views/drill/report.ts')
  const { drawingOf } = await import('../views/drill/drawing.ts')
  const { secondsJson } = await import('../views/drill/view.ts')
  if (report !== undefined) written(report, drillReport(result, { connections, rate }))
  const [held] = fleet.drilling.list
  if (options.json) print(json({ ...drillJson(result), seconds: held ? secondsJson(held) : [] }))
  else print([drillSentence(result), ...drawingOf(result), ...agreementLines(result)].join('\n'))
  return isAgreed(result) && result.seen.isRestored ? exit.ok : exit.failed
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
  { kind, word, how, options }: Asked,
  signal: AbortSignal,
): Promise<Drill> {
  const why = whyNone(fleet)
  if (why) throw new Failure(exit.refused, why)
  const look = (snapshot: Snapshot): Drill => {
    const subject = finders[kind.subject](snapshot, word)
    const { targets, others } = targetsOf(fleet, snapshot, options.service ? [options.service] : [], options)
    if (options.service && others[0]) throw new Failure(exit.refused, others[0])
    const sorted = targets.toSorted((a, b) => a.speaks.localeCompare(b.speaks))
    // Of a union of kinds the compiler does not see that each gets what it is about.
    const found = (kind as DrillKind).plan(subject, how, { fleet, snapshot, targets: sorted })
    if (typeof found === 'string') throw new Failure(exit.refused, found)
    return found
  }
  let refused: { readonly failure: Failure; readonly since: number } | undefined
  const isReady = (snapshot: Snapshot): Drill | Failure | undefined => {
    const { balancers, clusters, directories } = snapshot
    // Whose table is not known yet may have what there would be load on.
    if (!balancers.every(({ lvs, lvsTrouble }) => lvs || lvsTrouble)) return undefined
    if (!clusters.every(({ reading, trouble }) => reading || trouble)) return undefined
    try {
      const found = look(snapshot)
      // Without the clocks no time could be compared.
      const hosts = [found.host, ...found.sight.looks.map(({ host }) => host)]
      const areKnown = hosts.every((one) =>
        snapshot.clocks.some(({ host, reading }) => host === one && reading),
      )
      return areKnown ? found : undefined
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      // Another front end or node does not come, once all of these have told; what stands against it goes away as more is known, and as who is silent answers.
      if (refused?.failure.message !== error.message) refused = { failure: error, since: performance.now() }
      const isWhole =
        balancers.every(({ lvsTrouble }) => !lvsTrouble) &&
        [...clusters, ...directories].every(({ trouble }) => !trouble)
      const isFinal =
        error.code === exit.notFound || (isWhole && performance.now() - refused.since > standing)
      return isFinal ? error : undefined
    }
  }
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(askingTime)])
  const found = await fleet.until(isReady, waiting).catch(() => {
    signal.throwIfAborted()
    return look(fleet.snapshot())
  })
  if (found instanceof Failure) throw found
  return found
}

const finders = {
  frontend: findFrontend,
  host: findHost,
  node: (snapshot: Snapshot, word: string) => findOne('node', word, snapshot),
} as const
