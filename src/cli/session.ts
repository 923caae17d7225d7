import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { AccountingServer } from '../config/desk.ts'
import type { DeskBook } from '../fleet/journal/desk-book.ts'
import { endSilent, lengthOf, readSessions, type Session, stateOf } from '../fleet/journal/sessions.ts'
import { untoldSessions } from '../fleet/journal/sessions-told.ts'
import { label, say } from '../hosts/label.ts'
import { csv } from '../text/csv.ts'
import { dateTime } from '../text/format.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { addTimeOptions, checkTimes, type Narrowing } from './narrow.ts'
import { addNoun } from './noun.ts'
import { json, print, table, warn } from './output.ts'
import { addSessionActions } from './session-actions.ts'
import { type ReportBy, reports, type Sum, sumsOf } from './session-report.ts'

interface JsonOption {
  readonly json?: boolean
}

interface SessionOptions extends JsonOption, Pick<Narrowing, 'since' | 'until'> {
  readonly user?: string
  readonly group?: string
  readonly machine?: string
  readonly system?: string
  readonly csv?: boolean
}

function reportBy(text: string): ReportBy {
  const found = reports.find((one) => one === text)
  if (!found) throw new InvalidArgumentError(`one of ${reports.join(', ')}`)
  return found
}

/**
 * `vdd session …`: who works now, as display servers tell it; and `history|report|send`, who was on which machine, as the desk's broker has written it down,
 * for which no host is asked.
 */
export function addSessionVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'session', {
    description: 'The sessions of people at terminals: those of now, and those of before.',
    // How the machines are is told, too, and on which hosts they run.
    about: { list: ['displays', 'machines'], show: ['displays', 'machines'] },
  })
  addSessionActions(noun, globals, finish)
  const history = noun
    .command('history')
    .description('Lists who was on which machine, from where, since when, until when, and how it ended.')
  addSessionOptions(history).action(async (options: SessionOptions) => {
    show(await sessionsOf(options, globals()), options)
    finish(exit.ok)
  })
  const report = noun
    .command('report')
    .description('Adds up sessions and their hours; of what has no end no hours are counted.')
    .option('--by <WHAT>', `one of ${reports.join(', ')} (default: user)`, reportBy, 'user')
  addSessionOptions(report).action(async (options: SessionOptions & { readonly by: ReportBy }) => {
    const { sessions, now } = await sessionsOf(options, globals())
    const sums = sumsOf(sessions, options.by, options, now)
    tell(sums, await namesOf(sums, globals()), options)
    finish(exit.ok)
  })
  noun
    .command('send')
    .description(
      'Tells the RADIUS servers of accounting what they have not been told yet, for ten seconds at most.',
    )
    .option('--json', 'as JSON')
    .action(async (options: JsonOption) => finish(await send(globals(), options)))
}

function addSessionOptions(verb: Command): Command {
  return addTimeOptions(verb)
    .option('--user <USER>', 'only of this person')
    .option('--group <GROUP>', 'only of people who were in this group')
    .option('--machine <MACHINE>', 'only on this machine')
    .option('--system <SYSTEM>', 'only of this system')
    .option('--csv', 'comma separated values')
    .option('--json', 'as JSON')
}

interface Kept {
  readonly sessions: readonly Session[]
  readonly now: number
  /** ids of those of which the RADIUS servers have not been told everything; undefined: none is to be told */
  readonly untold: ReadonlySet<number> | undefined
}

async function sessionsOf(options: SessionOptions, globals: GlobalOptions): Promise<Kept> {
  checkTimes(options)
  if (options.json && options.csv) throw new Failure(exit.usage, say`--json or --csv: one of them`)
  const { book, servers } = await bookOf(globals)
  const { user, group, machine, system, since, until } = options
  try {
    const sessions = readSessions(book.db, since, until).filter(
      (one) =>
        (user === undefined || one.who === user) &&
        (group === undefined || one.groups?.includes(group)) &&
        (machine === undefined || one.machine === machine) &&
        (system === undefined || one.system === system),
    )
    return { sessions, now: Date.now(), untold: servers.length ? untoldSessions(book.db) : undefined }
  } finally {
    book.close()
  }
}

/** What the broker has written down, and the servers that are told of it. */
async function bookOf(
  globals: GlobalOptions,
): Promise<{ readonly book: DeskBook; readonly servers: readonly AccountingServer[] }> {
  if (globals.demo) throw new Failure(exit.config, say`the demo keeps no sessions`)
  const { requireConfiguration } = await import('./configured.ts')
  const { journalFile } = await import('../fleet/open.ts')
  const { config } = requireConfiguration(globals)
  const file = journalFile(config)
  if (!existsSync(file))
    throw new Failure(
      exit.config,
      say`no sessions are kept in ${label(file)}; "journal" in the configuration names the file that the desk's broker writes (docs/desk-broker.md)`,
    )
  const { openBook } = await import('./open-book.ts')
  return { book: openBook(file), servers: config.desk?.accounting?.servers ?? [] }
}

async function send(globals: GlobalOptions, options: JsonOption): Promise<number> {
  const { book, servers } = await bookOf(globals)
  try {
    if (!servers.length)
      throw new Failure(
        exit.config,
        say`no RADIUS server is told of the sessions: "desk.accounting" in the configuration names some (docs/desk-broker.md)`,
      )
    const { tellRadius } = await import('../broker/tell-radius.ts')
    endSilent(book.db, Date.now())
    const { told, left, trouble } = await tellRadius({ book, servers, signal: new AbortController().signal })
    if (options.json) print(json({ told, left, trouble: trouble ?? null }))
    else {
      print(say`told ${told}, left ${left}`)
      if (trouble) warn(`vdd: ${trouble}`)
    }
    return left && trouble ? exit.unreachable : exit.ok
  } finally {
    book.close()
  }
}

type Field = string | number | boolean | null

/** For programs, in this order; `null`: not known. */
const fields: Readonly<Record<string, (one: Session, kept: Kept) => Field | readonly string[]>> = {
  user: ({ who }) => who,
  uid: ({ uid }) => uid,
  groups: ({ groups }) => groups ?? null,
  terminal: ({ terminal }) => terminal,
  machine: ({ machine }) => machine,
  system: ({ system }) => system,
  session: ({ session }) => session,
  channel: ({ channel }) => channel,
  start: ({ startedAt }) => new Date(startedAt).toISOString(),
  end: (one) => (lengthOf(one) === undefined ? null : new Date(one.endedAt ?? 0).toISOString()),
  how: ({ how }) => how ?? null,
  hours: hoursOf,
  state: (one, { now }) => stateOf(one, now),
  heard: ({ heardAt }) => new Date(heardAt).toISOString(),
  told: ({ id }, { untold }) => (untold ? !untold.has(id) : null),
}

/** What has several values stands in one field of CSV, with commas between; one within a name, as a directory may have it, has a backslash before it. */
function inOneField(value: Field | readonly string[]): Field {
  return typeof value === 'object' && value
    ? value.map((one) => one.replace(/[\\,]/g, '\\$&')).join(',')
    : value
}

function hoursOf(one: Session): number | null {
  const length = lengthOf(one)
  return length === undefined ? null : Math.round(length / 36_000) / 100
}

function show(kept: Kept, options: SessionOptions): void {
  const { sessions, now, untold } = kept
  const facts = sessions.map((one) =>
    Object.entries(fields).map(([name, of]) => [name, of(one, kept)] as const),
  )
  if (options.json) return print(json(facts.map((one) => Object.fromEntries(one))))
  if (options.csv)
    return print(
      csv(
        Object.keys(fields),
        facts.map((one) => one.map(([, value]) => inOneField(value))),
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
      [
        'USER',
        'TERMINAL',
        'MACHINE',
        'SYSTEM',
        'SESSION',
        'START',
        'END',
        'HOW',
        'HOURS',
        ...(untold ? ['TOLD'] : []),
      ],
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
        ...(untold ? [untold.has(one.id) ? say`not yet` : say`yes`] : []),
      ]),
      [8],
    ),
  )
}

type Names = ReadonlyMap<number, string>

/** What these people are called in full: by this machine, else by the site's directory. Of anything else than people there are no names. */
async function namesOf(sums: readonly Sum[], globals: GlobalOptions): Promise<Names> {
  const people = sums.flatMap(({ key: name, uid }) => (uid === undefined ? [] : { name, uid }))
  if (!people.length) return new Map()
  const { fullNames } = await import('../services/display/here/user-name.ts')
  const here = await fullNames(people.map(({ uid }) => uid))
  const names = new Map(Object.entries(here).map(([uid, name]) => [Number(uid), name]))
  const missing = people.filter(({ uid }) => !names.has(uid))
  const { requireConfiguration } = await import('./configured.ts')
  const { ldapOf } = await import('../config/schema.ts')
  const { config } = requireConfiguration(globals)
  if (!missing.length || !config.hosts.some((host) => ldapOf(config, host))) return names
  const { directoryNames } = await import('../broker/directory.ts')
  const told = await directoryNames(config, missing)
  if ('unknown' in told) warn(`vdd: what people are called in full is not known: ${told.unknown}`)
  else for (const [uid, name] of told.value) names.set(uid, name)
  return names
}

function tell(sums: readonly Sum[], names: Names, options: SessionOptions & { readonly by: ReportBy }): void {
  const { by } = options
  const nameOf = ({ uid = -1 }: Sum) => names.get(uid)
  const isOfPeople = by === 'user'
  const rounded = sums.map(({ key, hours, uid, ...rest }) => ({
    [by]: key || null,
    ...(uid === undefined ? {} : { fullName: names.get(uid) ?? null }),
    ...rest,
    hours: Math.round(hours * 100) / 100,
  }))
  if (options.json) return print(json(rounded))
  if (options.csv)
    return print(
      csv(
        [by, 'sessions', 'hours', 'open', 'lost', ...(isOfPeople ? ['fullName'] : [])],
        sums.map((one) => [
          one.key,
          one.sessions,
          Number(one.hours.toFixed(2)),
          one.open,
          one.lost,
          ...(isOfPeople ? [nameOf(one) ?? null] : []),
        ]),
      ),
    )
  if (!sums.length) return warn('vdd: no sessions of that are kept')
  print(
    table(
      [by.toUpperCase(), 'SESSIONS', 'HOURS', 'STILL THERE', 'WITHOUT END', ...(isOfPeople ? ['NAME'] : [])],
      sums.map((one) => [
        label(one.key || '-'),
        say`${one.sessions}`,
        label(one.hours.toFixed(2)),
        say`${one.open}`,
        say`${one.lost}`,
        ...(isOfPeople ? [label(nameOf(one) ?? '-')] : []),
      ]),
      [1, 2, 3, 4],
    ),
  )
}
