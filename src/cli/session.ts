import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { lengthOf, readSessions, type Session, stateOf } from '../fleet/journal/sessions.ts'
import { label, say } from '../hosts/label.ts'
import { csv } from '../text/csv.ts'
import { dateTime } from '../text/format.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { addTimeOptions, checkTimes, type Narrowing } from './narrow.ts'
import { json, print, table, warn } from './output.ts'
import { type ReportBy, reports, type Sum, sumsOf } from './session-report.ts'

interface SessionOptions extends Pick<Narrowing, 'since' | 'until'> {
  readonly user?: string
  readonly machine?: string
  readonly system?: string
  readonly json?: boolean
  readonly csv?: boolean
}

function reportBy(text: string): ReportBy {
  const found = reports.find((one) => one === text)
  if (!found) throw new InvalidArgumentError(`one of ${reports.join(', ')}`)
  return found
}

/** `vdd session list|report`: who was on which machine, as the desk's broker has written it down; no host is asked. */
export function addSessionVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('session').description('The sessions of people at terminals.')
  const list = noun
    .command('list')
    .description('Lists who was on which machine, from where, since when, until when, and how it ended.')
  addSessionOptions(list).action(async (options: SessionOptions) => {
    const { sessions, now } = await sessionsOf(options, globals())
    show(sessions, options, now)
    finish(exit.ok)
  })
  const report = noun
    .command('report')
    .description('Adds up sessions and their hours; of what has no end no hours are counted.')
    .option('--by <WHAT>', `one of ${reports.join(', ')} (default: user)`, reportBy, 'user')
  addSessionOptions(report).action(async (options: SessionOptions & { readonly by: ReportBy }) => {
    const { sessions, now } = await sessionsOf(options, globals())
    tell(sumsOf(sessions, options.by, options, now), options)
    finish(exit.ok)
  })
}

function addSessionOptions(verb: Command): Command {
  return addTimeOptions(verb)
    .option('--user <USER>', 'only of this person')
    .option('--machine <MACHINE>', 'only on this machine')
    .option('--system <SYSTEM>', 'only of this system')
    .option('--csv', 'comma separated values')
    .option('--json', 'as JSON')
}

async function sessionsOf(
  options: SessionOptions,
  globals: GlobalOptions,
): Promise<{ readonly sessions: readonly Session[]; readonly now: number }> {
  checkTimes(options)
  if (options.json && options.csv) throw new Failure(exit.usage, say`--json or --csv: one of them`)
  if (globals.demo) throw new Failure(exit.config, say`the demo keeps no sessions`)
  const { requireConfiguration } = await import('./configured.ts')
  const { journalFile } = await import('../fleet/open.ts')
  const file = journalFile(requireConfiguration(globals).config)
  if (!existsSync(file))
    throw new Failure(
      exit.config,
      say`no sessions are kept in ${label(file)}; "journal" in the configuration names the file that the desk's broker writes (docs/desk-broker.md)`,
    )
  const { openBook } = await import('./open-book.ts')
  const { user, machine, system, since, until } = options
  const book = openBook(file)
  try {
    const sessions = readSessions(book.db, since, until).filter(
      (one) =>
        (user === undefined || one.who === user) &&
        (machine === undefined || one.machine === machine) &&
        (system === undefined || one.system === system),
    )
    return { sessions, now: Date.now() }
  } finally {
    book.close()
  }
}

/** For programs, in this order; `null`: not known. */
const fields: Readonly<Record<string, (one: Session, now: number) => string | number | null>> = {
  user: ({ who }) => who,
  uid: ({ uid }) => uid,
  terminal: ({ terminal }) => terminal,
  machine: ({ machine }) => machine,
  system: ({ system }) => system,
  session: ({ session }) => session,
  channel: ({ channel }) => channel,
  start: ({ startedAt }) => new Date(startedAt).toISOString(),
  end: ({ endedAt }) => (endedAt === undefined ? null : new Date(endedAt).toISOString()),
  how: ({ how }) => how ?? null,
  hours: hoursOf,
  state: stateOf,
  heard: ({ heardAt }) => new Date(heardAt).toISOString(),
}

function hoursOf(one: Session): number | null {
  const length = lengthOf(one)
  return length === undefined ? null : Math.round(length / 36_000) / 100
}

function show(sessions: readonly Session[], options: SessionOptions, now: number): void {
  const facts = sessions.map((one) =>
    Object.entries(fields).map(([name, of]) => [name, of(one, now)] as const),
  )
  if (options.json) return print(json(facts.map((one) => Object.fromEntries(one))))
  if (options.csv)
    return print(
      csv(
        Object.keys(fields),
        facts.map((one) => one.map(([, value]) => value)),
      ),
    )
  if (!facts.length) return warn('vdd: no sessions of that are kept')
  const ended = (one: Session) => {
    const state = stateOf(one, now)
    if (state === 'open') return say`still there`
    return state === 'lost' ? say`no end, heard ${dateTime(one.heardAt)}` : dateTime(one.endedAt ?? 0)
  }
  print(
    table(
      ['USER', 'TERMINAL', 'MACHINE', 'SYSTEM', 'SESSION', 'START', 'END', 'HOW', 'HOURS'],
      sessions.map((one) => [
        label(one.who),
        label(one.terminal),
        label(one.machine),
        label(one.system),
        label(one.session),
        dateTime(one.startedAt),
        ended(one),
        label(one.how ?? '-'),
        label(hoursOf(one)?.toFixed(2) ?? '-'),
      ]),
      [8],
    ),
  )
}

function tell(sums: readonly Sum[], options: SessionOptions & { readonly by: ReportBy }): void {
  const { by } = options
  const rounded = sums.map(({ key, hours, ...rest }) => ({
    [by]: key,
    ...rest,
    hours: Math.round(hours * 100) / 100,
  }))
  if (options.json) return print(json(rounded))
  if (options.csv)
    return print(
      csv(
        [by, 'sessions', 'hours', 'open', 'lost'],
        sums.map(({ key, sessions, hours, open, lost }) => [
          key,
          sessions,
          Number(hours.toFixed(2)),
          open,
          lost,
        ]),
      ),
    )
  if (!sums.length) return warn('vdd: no sessions of that are kept')
  print(
    table(
      [by.toUpperCase(), 'SESSIONS', 'HOURS', 'STILL THERE', 'WITHOUT END'],
      sums.map(({ key, sessions, hours, open, lost }) => [
        label(key),
        say`${sessions}`,
        label(hours.toFixed(2)),
        say`${open}`,
        say`${lost}`,
      ]),
      [1, 2, 3, 4],
    ),
  )
}
