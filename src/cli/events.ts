import { Argument, type Command, InvalidArgumentError } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import type { Entry, Wanted } from '../fleet/journal/journal.ts'
import type { Snapshot } from '../fleet/snapshot.ts'
import { say } from '../hosts/label.ts'
import { dateTime } from '../text/format.ts'
import { eventJson } from '../views/event/json.ts'
import { verifyJournal } from './events-verify.ts'
import { exit, Failure } from './exit.ts'
import { noSuch } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import {
  addHostOption,
  addSeverityOption,
  addTimeOptions,
  atLeast,
  checkTimes,
  type Narrowing,
} from './narrow.ts'
import { openFleet } from './open.ts'
import { json, print, warn } from './output.ts'
import { closeFleet, endOnSignal } from './with-fleet.ts'

/** A line each, the hosts in a column as wide as those of the configuration. */
function textOf({ hosts }: Pick<Snapshot, 'hosts'>): (entry: Entry) => string {
  const column = Math.max(0, ...hosts.map(({ name }) => name.length))
  return ({ at, severity, host, name, text, who }) => {
    const what = name ? say`${name}: ${text}` : text
    return `${dateTime(at)}  ${severity.padEnd(7)}  ${host.padEnd(column)}  ${what}${who ? `  (${who})` : ''}`
  }
}

function jsonLine(entry: Entry): string {
  return json(eventJson(entry)).replace(/\n\s*/g, ' ')
}

/** A count on the command line. */
function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number')
  return value
}

interface EventOptions extends Narrowing {
  readonly last?: number
  readonly follow?: boolean
  readonly json?: boolean
}

/** So many are shown where nothing says how many, or since when. */
const usual = 50

/** `vdd events`: the journal, oldest first; `--follow` goes on with what happens. */
export function addEventVerbs(program: Command, finish: (code: number) => void): void {
  const verb = program
    .command('events')
    .description('Lists what happened and what was done, from the journal.')
    .addArgument(new Argument('[verify]', 'instead, hold every entry against its hash').choices(['verify']))
    .option('--last <N>', `only the last of them (default: ${usual}; with --since all)`, whole)
  addTimeOptions(verb)
  addHostOption(verb)
  addSeverityOption(verb)
  verb
    .option('--follow', 'go on with what happens, one line or JSON object each')
    .option('--json', 'as JSON; with --follow one object a line')
    .action(async (isVerified: 'verify' | undefined, options: EventOptions) => {
      checkTimes(options)
      if (options.follow && options.until !== undefined)
        throw new Failure(exit.usage, say`--until ends the list, and --follow goes on with it: one of them`)
      const fleet = await openFleet(program.opts() as GlobalOptions, false)
      try {
        if (isVerified) return finish(verifyJournal(fleet.journal, options.json ?? false))
        const wanted = wantedOf(options, fleet)
        const last = options.last ?? (options.since === undefined ? usual : Number.MAX_SAFE_INTEGER)
        const entries = fleet.journal.latest(last, 0, wanted).reverse()
        const text = textOf(fleet.snapshot())
        if (options.follow) await follow(fleet, entries, wanted, options.json ? jsonLine : text)
        else if (options.json) print(json(entries.map(eventJson)))
        else if (entries.length) print(entries.map(text).join('\n'))
        else warn('vdd: the journal has nothing of that')
        finish(fleet.journal.trouble ? exit.failed : exit.ok)
      } finally {
        await closeFleet(fleet)
      }
    })
}

/** What of the journal is asked for. It knows hosts that are not in the configuration any more. */
function wantedOf({ since, until, host: hosts, severity }: Narrowing, fleet: Fleet): Wanted {
  const known = [...fleet.snapshot().hosts.map(({ name }) => name), ...(hosts ? fleet.journal.hosts() : [])]
  const unknown = hosts?.find((word) => !known.includes(word))
  if (unknown !== undefined) throw noSuch({ what: say`host`, word: unknown, known, list: 'host list' })
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(hosts ? { hosts } : {}),
    ...(severity ? { severities: atLeast(severity) } : {}),
  }
}

/** Prints these, and what comes, until it is ended from outside. */
async function follow(
  fleet: Fleet,
  entries: readonly Entry[],
  wanted: Wanted,
  lineOf: (entry: Entry) => string,
): Promise<never> {
  const { journal } = fleet
  let last = journal.latest(1)[0]?.id ?? 0
  for (const entry of entries) print(lineOf(entry))
  journal.subscribe(() => {
    for (const entry of journal.latest(1000, last, wanted).reverse()) {
      print(lineOf(entry))
      last = entry.id
    }
  })
  endOnSignal(fleet)
  fleet.start()
  return await new Promise(() => {})
}
