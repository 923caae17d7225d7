import { Argument, type Command, InvalidArgumentError } from 'commander'
import { type EventSource, type EventType, eventSourceOf, eventSources } from '../fleet/event-types.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { Bookmark } from '../fleet/journal/bookmark.ts'
import type { Entry, Wanted } from '../fleet/journal/journal.ts'
import { atLeast, typesNamed } from '../fleet/journal/wanted.ts'
import { label, say } from '../hosts/label.ts'
import { eventsJson } from '../views/event/json.ts'
import { csvHeading, csvOf, jsonLine, type LineOf, textOf } from './event-lines.ts'
import { EventList } from './event-list.ts'
import { verifyJournal } from './events-verify.ts'
import { exit, Failure } from './exit.ts'
import { noSuch } from './find.ts'
import type { GlobalOptions } from './global-options.ts'
import {
  addHostOption,
  addSeverityOption,
  addTimeOptions,
  checkTimes,
  type Narrowing,
  names,
} from './narrow.ts'
import { openFleet } from './open.ts'
import { json, print, warn } from './output.ts'
import { closeFleet, endOnSignal } from './with-fleet.ts'

/** A count on the command line. */
function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number')
  return value
}

function sources(text: string, before: readonly EventSource[] = []): readonly EventSource[] {
  const given = names(text)
  const found = given.flatMap((one) => eventSourceOf(one) ?? [])
  if (found.length < given.length) throw new InvalidArgumentError(`of ${eventSources.join(', ')}`)
  return [...before, ...found]
}

function types(text: string, before: readonly EventType[] = []): readonly EventType[] {
  const found = names(text).map(typesNamed)
  if (found.some((one) => !one.length))
    throw new InvalidArgumentError('words as host.lost, or host for all of these (docs/events.md)')
  return [...before, ...found.flat()]
}

interface EventOptions extends Narrowing {
  readonly object?: readonly string[]
  readonly source?: readonly EventSource[]
  readonly type?: readonly EventType[]
  readonly csv?: boolean
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
    .option('--object <NAME,...>', 'only what is about these machines, front ends, resources …', names)
    .option('--source <SOURCE,...>', `only what these have told of: ${eventSources.join(', ')}`, sources)
    .option('--type <TYPE,...>', 'only these happenings, as host.lost, or host for all of these', types)
    .option('--follow', 'go on with what happens, one line or JSON object each')
    .option('--json', 'as JSON; with --follow one object a line')
    .option('--csv', 'comma separated values')
    .action(async (isVerified: 'verify' | undefined, options: EventOptions) => {
      checkTimes(options)
      if (options.follow && options.until !== undefined)
        throw new Failure(exit.usage, say`--until ends the list, and --follow goes on with it: one of them`)
      if (options.json && options.csv) throw new Failure(exit.usage, say`--json or --csv: one of them`)
      const fleet = await openFleet(program.opts() as GlobalOptions, false)
      try {
        if (isVerified) return finish(verifyJournal(fleet.journal, options.json ?? false))
        const wanted = wantedOf(options, fleet)
        const last = options.last ?? (options.since === undefined ? usual : Number.MAX_SAFE_INTEGER)
        const entries = fleet.journal.latest(last, undefined, wanted).toReversed()
        const lineOf = options.json ? jsonLine : options.csv ? csvOf : textOf(fleet.snapshot())
        if (options.csv) print(csvHeading)
        if (options.follow) await follow(fleet, entries, wanted, lineOf)
        else if (options.json) print(json(eventsJson(entries)))
        else if (entries.length) printList(entries, lineOf, !options.csv)
        else warn('vdd: the journal has nothing of that')
        finish(fleet.journal.trouble ? exit.failed : exit.ok)
      } finally {
        await closeFleet(fleet)
      }
    })
}

/** What of the journal is asked for. It knows hosts that are not in the configuration any more. */
function wantedOf(
  { since, until, host: hosts, severity, object, source, type }: EventOptions,
  fleet: Fleet,
): Wanted {
  const known = [...fleet.snapshot().hosts.map(({ name }) => name), ...(hosts ? fleet.journal.hosts() : [])]
  const unknown = hosts?.find((word) => !known.includes(word))
  if (unknown !== undefined) throw noSuch({ what: say`host`, word: unknown, known, list: 'host list' })
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(hosts ? { hosts } : {}),
    ...(severity ? { severities: atLeast(severity) } : {}),
    // The journal has names as they are shown.
    ...(object ? { objects: object.flatMap((one) => [one, label(one)]) } : {}),
    ...(source ? { sources: source } : {}),
    ...(type ? { types: type } : {}),
  }
}

function printList(entries: readonly Entry[], lineOf: LineOf, tellsMark: boolean): void {
  const list = new EventList().begin(entries)
  print(list.map(lineOf).join('\n'))
  if (tellsMark && list.some(({ isUnsure }) => isUnsure))
    warn('vdd: ~ it is not certain what came first: another one may have been before it, or after')
}

/** Prints these, and what comes, until it is ended from outside. */
async function follow(
  fleet: Fleet,
  entries: readonly Entry[],
  wanted: Wanted,
  lineOf: LineOf,
): Promise<never> {
  const { journal } = fleet
  const told = new Bookmark(journal)
  const list = new EventList()
  for (const one of list.begin(entries)) print(lineOf(one))
  journal.subscribe(() => {
    for (const entry of journal.latest(1000, told.last, wanted).toReversed()) {
      print(lineOf(list.next(entry)))
      told.moveTo(entry.id)
    }
  })
  endOnSignal(fleet)
  fleet.start()
  return await new Promise(() => {})
}
