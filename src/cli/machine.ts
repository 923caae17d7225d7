import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { type Answers, type Change, type MachineAction, permitted } from '../actions/action.ts'
import { commandText, type Outcome, prepare, run, stepText } from '../actions/run.ts'
import { hostActions, machineActions } from '../actions/table.ts'
import { at, nameOf } from '../actions/target.ts'
import { memory, percent, span } from '../components/format.ts'
import { stateText } from '../fleet/changes.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { whoAmI } from '../fleet/journal.ts'
import { ageOf, type HostRecord, isStale, type MachineRecord, type Snapshot } from '../fleet/model.ts'
import { type Label, label, labelLines, say } from '../hosts/label.ts'
import { consoleOf, dumpXml } from '../services/libvirt/verbs.ts'
import { exit, Failure } from './exit.ts'
import { type GlobalOptions, openFleet } from './open.ts'
import { json, print, table } from './output.ts'
import { settled, silentHosts } from './settled.ts'

/** How long the hosts are waited for before a verb looks at what it has, in seconds. */
const askingTime = 10

/** Runs with the fleet open and asked, and closes it whatever happens. `rates`: wait for CPU and transfer rates too. */
export async function withFleet<T>(
  options: GlobalOptions,
  rates: boolean,
  use: (fleet: Fleet, snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const fleet = openFleet({ ...options, interval: options.interval ?? 0.5 }, false)
  fleet.start()
  try {
    return await use(fleet, await settled(fleet, askingTime, rates))
  } finally {
    await fleet.stop()
    fleet.journal.close()
  }
}

/** A machine as `--json` gives it; the fields are documented in docs/verbs.md and only ever added to. */
export function machineJson(m: MachineRecord, snapshot: Snapshot, now: number) {
  const seen = snapshot.seenAt.get(m.host)
  const orNull = <T>(value: T | undefined): T | null => value ?? null
  const rates = (rate: MachineRecord['disk']) => (rate ? { in: rate.in, out: rate.out } : null)
  return {
    uuid: m.uuid,
    name: m.rawName,
    title: orNull(m.title),
    host: m.host,
    alsoOn: m.alsoOn,
    state: m.state,
    reason: m.reason,
    vcpus: orNull(m.vcpus),
    cpuPercent: orNull(m.cpuPercent),
    memoryUsedKiB: orNull(m.memoryUsedKiB),
    memoryKiB: orNull(m.memoryKiB),
    memoryMaxKiB: orNull(m.memoryMaxKiB),
    diskBytesPerSecond: rates(m.disk),
    netBytesPerSecond: rates(m.net),
    autostart: m.autostart,
    persistent: m.persistent,
    graphics: orNull(m.graphics),
    runningSince: m.startedAt === undefined ? null : new Date(m.startedAt).toISOString(),
    migration: orNull(m.migration),
    job: orNull(m.job),
    stale: isStale(snapshot, m.host, now),
    seenAt: seen === undefined ? null : new Date(seen).toISOString(),
  }
}

/** The machine that a word means: its name, its UUID, or NAME@HOST where the name is not unique. */
export function findMachine(snapshot: Snapshot, word: string): MachineRecord {
  const { machines } = snapshot
  const named = machines.filter((m) => m.rawName === word || m.uuid === word)
  const cut = word.lastIndexOf('@')
  const found =
    named.length || cut < 0
      ? named
      : machines.filter((m) => m.rawName === word.slice(0, cut) && m.host === word.slice(cut + 1))
  const [machine] = found
  if (found.length > 1)
    throw new Failure(
      exit.notFound,
      `${found.length} machines are called ${word}: ${found.map((m) => `${m.rawName}@${m.host}`).join(', ')}; name one of these or a UUID`,
    )
  if (machine) return machine
  const silent = silentHosts(snapshot)
  if (silent.length)
    throw new Failure(exit.unreachable, `no machine ${word} on the hosts that answer\n${silent.join('\n')}`)
  throw new Failure(exit.notFound, `no machine ${word}; "vdd machine list" shows them`)
}

interface VerbOptions {
  readonly json?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly wait?: boolean
  readonly timeout?: number
  readonly host?: string
  readonly [question: string]: unknown
}

function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('a number of seconds')
  return value
}

/** `vdd machine …`: list and show, and a verb for each action of the table. */
export function addMachineVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program.command('machine').description('virtual machines: see, start, stop, move, define')
  noun
    .command('list')
    .description('all machines of all hosts')
    .option('--json', 'as JSON')
    .option('--host <name>', 'only those of this host')
    .action(async (options: VerbOptions) => finish(await list(globals(), options)))
  for (const action of machineActions) addMachineVerb(noun, action, globals, finish)
  for (const action of hostActions) addHostVerb(noun, action, globals, finish)
}

async function list(globals: GlobalOptions, options: VerbOptions): Promise<number> {
  return await withFleet(globals, true, async (fleet, snapshot) => {
    if (options.host) findHost(snapshot, options.host)
    const machines = snapshot.machines
      .filter((m) => !options.host || m.host === options.host)
      .sort((a, b) => a.rawName.localeCompare(b.rawName, 'en', { numeric: true }))
    if (options.json) print(json(machines.map((m) => machineJson(m, snapshot, fleet.now()))))
    else print(machineTable(machines, snapshot, fleet.now()))
    return complain(snapshot)
  })
}

function machineTable(machines: readonly MachineRecord[], snapshot: Snapshot, now: number): string {
  const heading = ['NAME', 'STATE', 'HOST', 'VCPUS', 'CPU', 'USED', 'MEMORY', 'SEEN']
  const dash = say`-`
  const rows = machines.map((m) => [
    m.name,
    stateText(m),
    label(m.host),
    m.vcpus === undefined ? dash : say`${m.vcpus}`,
    percent(m.cpuPercent),
    memory(m.memoryUsedKiB),
    memory(m.memoryKiB),
    isStale(snapshot, m.host, now) ? say`${span(ageOf(snapshot, m.host, now))} ago` : say`now`,
  ])
  return table(heading, rows, [3, 4, 5, 6])
}

/** What could not be read is said, and the status tells scripts that the list is incomplete. */
export function complain(snapshot: Snapshot): number {
  const silent = silentHosts(snapshot)
  for (const line of silent) process.stderr.write(`vdd: ${label(line)}\n`)
  return silent.length ? exit.unreachable : exit.ok
}

type Finish = (code: number) => void

function addMachineVerb(
  noun: Command,
  action: MachineAction,
  globals: () => GlobalOptions,
  finish: Finish,
): void {
  const many = action.kind === 'change'
  const verb = noun
    .command(`${action.verb} <machine${many ? '...' : ''}>`)
    .description(action.help)
    .option('--json', 'as JSON')
  if (action.kind === 'look') {
    verb.action(async (word: string, options: VerbOptions) =>
      finish(await look(action.shows, word, globals(), options)),
    )
    return
  }
  addChangeOptions(verb, action as Change<unknown>)
  verb.action(async (words: string[], options: VerbOptions) =>
    finish(
      await withFleet(globals(), false, (fleet, snapshot) =>
        change(
          fleet,
          action,
          words.map((word) => findMachine(snapshot, word)),
          options,
        ),
      ),
    ),
  )
}

function addChangeOptions(verb: Command, action: Change<unknown>): void {
  for (const question of action.asks) verb.option(`--${question.id} <${question.value}>`, question.text)
  verb
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what would run')
    .option('--no-wait', 'do not wait until it is seen')
    .option('--timeout <seconds>', `wait at most this long (default ${action.patience})`, seconds)
}

function addHostVerb(
  noun: Command,
  action: Change<HostRecord>,
  globals: () => GlobalOptions,
  finish: Finish,
): void {
  const isDefine = action.verb === 'define'
  const verb = noun.command(isDefine ? 'define <file>' : `${action.verb} <name>`).description(action.help)
  verb.requiredOption('--host <name>', 'on which host').option('--json', 'as JSON')
  addChangeOptions(verb, {
    ...action,
    asks: action.asks.filter((q) => !['name', 'xml'].includes(q.id)),
  } as Change<unknown>)
  verb.action(async (word: string, options: VerbOptions) => {
    const answers: Answers = isDefine ? { xml: readXml(word) } : { name: word }
    finish(
      await withFleet(globals(), false, (fleet, snapshot) =>
        change(fleet, action, [findHost(snapshot, String(options.host))], options, answers),
      ),
    )
  })
}

/** The content of a file, `-` for standard input. */
function readXml(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Failure(exit.usage, (error as Error).message)
  }
}

export function findHost(snapshot: Snapshot, name: string): HostRecord {
  const host = snapshot.hosts.find((h) => h.name === name)
  if (host) return host
  throw new Failure(
    exit.notFound,
    `no host ${name} in the configuration; there are ${snapshot.hosts.map((h) => h.name).join(', ')}`,
  )
}

/** Plans all, asks once, does one after the other, and says how each ended. */
async function change<T extends MachineRecord | HostRecord>(
  fleet: Fleet,
  action: Change<T>,
  targets: readonly T[],
  options: VerbOptions,
  given: Answers = {},
): Promise<number> {
  const answers = { ...given, ...answersOf(action as Change<unknown>, options) }
  const plans = targets.map((target) => ({ target, ...prepare(action, target, answers, fleet) }))
  const refused = plans.find((plan) => 'refused' in plan)
  if (refused && 'refused' in refused)
    throw new Failure(exit.refused, `${refused.target.name}: ${refused.refused}`)
  const steps = plans.flatMap((plan) => ('steps' in plan ? plan.steps : []))
  if (options.dryRun) {
    if (options.json)
      print(
        json({
          action: action.verb,
          steps: steps.map(({ host, argv, input }) => ({ host, argv, input: input ?? null })),
        }),
      )
    else
      for (const step of steps)
        print([stepText(step), ...(step.input ? labelLines(step.input) : [])].join('\n'))
    return exit.ok
  }
  if (!options.yes) await confirm(action as Change<unknown>, targets.map(nameOf), steps.map(stepText))
  let worst: number = exit.ok
  const results: { name: string; ok: boolean; message: string; advice: string | null }[] = []
  for (const { target } of plans) {
    const outcome = await run(action, target, answers, fleet, {
      who: whoAmI(),
      wait: options.wait !== false,
      ...(options.timeout ? { timeout: options.timeout } : {}),
      onProgress: progressTo(nameOf(target), options),
    })
    results.push({ name: target.name, ok: outcome.ok, message: outcome.text, advice: outcome.advice || null })
    worst = Math.max(worst, statusOf(outcome))
    if (!options.json) tell(nameOf(target), action.title, outcome)
  }
  if (options.json) print(json(results))
  return worst
}

function statusOf({ ok, text }: Outcome): number {
  if (ok) return exit.ok
  return /not seen after|no longer waited/.test(text) ? exit.notSeen : exit.failed
}

function tell(name: Label, title: string, { ok, text, advice, next }: Outcome): void {
  if (ok) return print(`${name}: ${title}: ${text}`)
  const storage = next?.answers.storage ? ` --storage ${next.answers.storage}` : ''
  const after = next ? label(`next: vdd machine ${next.verb} ${name}${storage}`) : ''
  const lines = [`${name}: ${title}: ${text}`, advice, after].filter(Boolean)
  process.stderr.write(`vdd: ${lines.join('\n     ')}\n`)
}

/** Progress for people at a terminal: one line that is overwritten. */
function progressTo(name: Label, { json: asJson }: VerbOptions) {
  if (asJson || !process.stderr.isTTY) return () => {}
  return ({ text, percent: done }: { text: Label; percent?: number }) =>
    void process.stderr.write(
      `\r${name}: ${text}${done === undefined ? '' : ` ${Math.round(done)}%`}      \r`,
    )
}

function answersOf(action: Change<unknown>, options: VerbOptions): Answers {
  return Object.fromEntries(
    action.asks.flatMap(({ id }) => (typeof options[id] === 'string' ? [[id, options[id] as string]] : [])),
  )
}

/** Asks at the terminal; without one, `--yes` is needed. */
async function confirm(
  action: Change<unknown>,
  names: readonly Label[],
  steps: readonly Label[],
): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Failure(
      exit.usage,
      `${action.verb}: nobody to ask; add --yes, or --dry-run to see what would run`,
    )
  process.stderr.write(`${action.title}: ${names.join(', ')}\n${steps.map((step) => `  ${step}\n`).join('')}`)
  const { createInterface } = await import('node:readline/promises')
  const line = createInterface({ input: process.stdin, output: process.stderr })
  const typed = action.risk === 'destructive' ? names.join(', ') : 'y'
  const reply = await line.question(typed === 'y' ? 'Do it? [y/N] ' : `Type ${typed} to do it: `)
  line.close()
  if (reply.trim().toLowerCase() !== typed.toLowerCase()) throw new Failure(exit.refused, 'not done')
}

async function look(
  shows: 'details' | 'xml' | 'console',
  word: string,
  globals: GlobalOptions,
  options: VerbOptions,
): Promise<number> {
  return await withFleet(globals, shows === 'details', async (fleet, snapshot) => {
    const machine = findMachine(snapshot, word)
    if (shows === 'details') return show(machine, snapshot, fleet, options)
    const host = fleet.member(machine.host)?.host
    const action = machineActions.find((a) => a.kind === 'look' && a.shows === shows)
    const can = action ? permitted(action, machine as never, { fleet, snapshot }) : true
    if (can !== true || !host) throw new Failure(exit.refused, `${machine.name}: ${can}`)
    if (shows === 'console') {
      if (!process.stdin.isTTY)
        throw new Failure(
          exit.usage,
          `console needs a terminal; on ${machine.host}: ${commandText(consoleOf(at(machine, { fleet })))}`,
        )
      return (
        (await host.terminal(consoleOf(at(machine, { fleet })), {
          stdin: process.stdin,
          stdout: process.stdout,
        })) ?? exit.failed
      )
    }
    const { code, stdout, stderr } = await host.run(dumpXml(at(machine, { fleet }), false))
    if (code !== 0) throw new Failure(exit.failed, `${machine.host}: ${stderr}`)
    print(options.json ? json({ uuid: machine.uuid, xml: stdout }) : labelLines(stdout).join('\n'))
    return exit.ok
  })
}

function show(machine: MachineRecord, snapshot: Snapshot, fleet: Fleet, options: VerbOptions): number {
  const record = machineJson(machine, snapshot, fleet.now())
  if (options.json) print(json(record))
  else
    for (const [key, value] of Object.entries(record))
      if (value !== null)
        print(`${key.padEnd(20)}${label(typeof value === 'object' ? JSON.stringify(value) : String(value))}`)
  return complain(snapshot)
}
