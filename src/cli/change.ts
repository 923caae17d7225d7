import { randomUUID } from 'node:crypto'
import type { Change } from '../actions/action.ts'
import { foresee } from '../actions/foresee.ts'
import { planLines, rowOf } from '../actions/listing.ts'
import type { Outcome } from '../actions/outcome.ts'
import { confirmation, isMany, type LeftOut, madeBy, type Prepared, prepareAll } from '../actions/prepare.ts'
import type { Answers, Question } from '../actions/question.ts'
import { run } from '../actions/run.ts'
import type { Progress } from '../actions/run-step.ts'
import { nameOf, type Subject, type Target, typedName } from '../actions/subjects.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { MachineRecord } from '../fleet/machine/record.ts'
import { whoAmI } from '../fleet/who.ts'
import { joined, type Label, label, say } from '../hosts/label.ts'
import { quote } from '../hosts/quote.ts'
import { exit, Failure } from './exit.ts'
import { findHost } from './find.ts'
import { hitsJson } from './hits-json.ts'
import { json, print, table, warn } from './output.ts'

/** What every verb that changes something takes; further the answers to its questions, by their ids. */
export interface ChangeOptions {
  readonly json?: boolean
  readonly yes?: boolean
  /** also what a yes is not enough for */
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly wait?: boolean
  readonly timeout?: number
  /** how many there are meant to be */
  readonly count?: number
  readonly [question: string]: unknown
}

/** Plans all, asks once, does one after the other, and says how each ended. */
export async function change<T extends Target>(
  fleet: Fleet,
  action: Change<T>,
  targets: readonly T[],
  options: ChangeOptions,
  given: Answers = {},
  own?: ReadonlyMap<string, Answers>,
): Promise<number> {
  const answers = { ...given, ...answersOf(action.asks, options) }
  for (const { id, names } of action.asks) {
    const named = answers[id]
    if (names === 'host' && named !== undefined && named !== 'each') findHost(fleet.snapshot(), named)
  }
  const { prepared: planned, leftOut } = prepareAll(action, targets, answers, fleet, own)
  const unsuitable = leftOut.map((one): Result => resultOf(action, one.target, answers, one.refused))
  if (!planned.length) {
    const code = leftOut.some(({ wrong }) => wrong?.isUnknown)
      ? exit.notFound
      : leftOut.some(({ wrong }) => wrong?.isNoAnswer)
        ? exit.usage
        : exit.refused
    if (options.json && targets.length > 1) print(json(unsuitable.map(resultJson)))
    throw new Failure(
      code,
      leftOut.map((one) => say`${nameOf(one.target)}: ${whyLeftOut(one, options)}`),
    )
  }
  const prepared = (await foresee(planned, fleet, fleet.ending)) ?? planned
  const warnings = [...new Set(prepared.flatMap((one) => one.warnings))]
  if (options.dryRun)
    return dryRun(action.verb, prepared as readonly Prepared[], warnings, unsuitable, options)
  counted(prepared.length, fleet, options)
  const insisting = prepared.find(({ insists }) => insists)
  if (options.yes && insisting && !options.force)
    throw new Failure(
      exit.refused,
      say`${nameOf(insisting.target)}: ${insisting.insists ?? say``}; --force does it nevertheless`,
    )
  if (!options.yes) await confirm(prepared as readonly Prepared[], unsuitable, fleet)
  else if (!options.json) for (const warning of warnings) warn(`vdd: ${warning}`)
  const results: Result[] = []
  const batch = randomUUID()
  const { timeout } = options
  for (const one of prepared) {
    const name = nameOf(one.target)
    const outcome = await run(one, fleet, {
      who: whoAmI(),
      batch,
      // The next one is planned from what this one has done.
      wait: options.wait !== false || (action.oneByOne === true && one !== prepared.at(-1)),
      ...(timeout ? { timeout } : {}),
      onProgress: progressTo(name, options),
    })
    if (process.stderr.isTTY && !options.json) process.stderr.write(clearLine)
    const { warnings } = one
    const result = { ...resultOf(action, one.target, one.answers, outcome.text), outcome, warnings }
    results.push(result)
    if (!options.json) tell(result.name, action as Change<never>, withoutSaid(outcome, warnings))
  }
  for (const { name, outcome } of options.json ? [] : unsuitable) tell(name, action as Change<never>, outcome)
  results.push(...unsuitable)
  if (options.json) print(json(results.map(resultJson)))
  const failed = results.filter(({ outcome }) => outcome.kind !== 'done')
  const worst = Math.max(exit.ok, ...failed.map(({ outcome }) => status[outcome.kind]))
  if (options.json && failed.length)
    throw new Failure(
      worst,
      failed.map(({ name, outcome }) => say`${label(name)}: ${outcome.text}`),
    )
  return worst
}

/** Why it cannot be done, in the words of the command line, where each answer is an option. */
function whyLeftOut({ refused, wrong }: LeftOut<unknown>, options: ChangeOptions): Label {
  const value = wrong && options[keyOf(wrong.id)]
  return typeof value === 'string'
    ? say`--${label(wrong?.id ?? '')} ${label(value)}: ${wrong?.why ?? say``}`
    : refused
}

interface Result {
  /** of what was made, where something was, else of what was acted on; as it is typed */
  readonly name: string
  readonly host: string | undefined
  readonly outcome: Outcome
  /** side effects that may be unwanted; none of what was not done */
  readonly warnings?: readonly Label[]
}

/** The result with one for which there is no plan; with an outcome put into it, that of any. */
function resultOf<T extends Target>(action: Change<T>, target: T, answers: Answers, why: Label): Result {
  const { host } = target as Partial<MachineRecord>
  const made = madeBy(action, answers)
  return {
    name: made ?? typedName(action.subject, target),
    host: made === undefined ? host : target.name,
    outcome: { kind: 'refused', text: why },
  }
}

/** What was warned of is not said once more of each, now that it is done. */
function withoutSaid(outcome: Outcome, said: readonly Label[]): Outcome {
  const parts = outcome.text.split('; ') as Label[]
  const text = joined(
    parts.filter((part) => !said.includes(part)),
    '; ',
  )
  return outcome.kind === 'done' ? { ...outcome, text } : outcome
}

/** With many, a yes given beforehand holds only for the number that was said. */
function counted(count: number, fleet: Fleet, { yes, count: said }: ChangeOptions): void {
  if (said !== undefined && said !== count)
    throw new Failure(exit.refused, say`these are ${count}, not ${said}`)
  if (yes && said === undefined && isMany(count, fleet))
    throw new Failure(
      exit.refused,
      say`these are ${count}: for more than ${fleet.typeCountAbove} a yes is not enough; --count ${count} does it`,
    )
}

const status: Record<Outcome['kind'], number> = {
  done: exit.ok,
  failed: exit.failed,
  unseen: exit.notSeen,
  refused: exit.refused,
  cancelled: exit.failed,
}

function resultJson({ name, host, outcome: { kind, text, advice }, warnings = [] }: Result) {
  return {
    name,
    host: host ?? null,
    ok: kind === 'done',
    outcome: kind,
    message: text,
    advice: advice || null,
    warnings,
  }
}

function dryRun(
  verb: string,
  prepared: readonly Prepared[],
  warnings: readonly Label[],
  unsuitable: readonly Result[],
  options: ChangeOptions,
): number {
  const left = unsuitable.map(({ name, outcome }) => say`left out: ${label(name)}: ${outcome.text}`)
  if (!options.json) for (const line of [...warnings, ...left]) warn(`vdd: ${line}`)
  if (options.json)
    print(
      json({
        action: verb,
        warnings,
        hits: hitsJson(prepared.flatMap(({ hits }) => hits ?? [])),
        leftOut: unsuitable.map(({ name, outcome }) => ({ name, message: outcome.text })),
        steps: prepared
          .flatMap(({ steps }) => steps)
          .map(({ host, argv, input, shown }) => ({
            host,
            argv,
            input: shown ? null : (input ?? null),
            shown: shown ?? null,
          })),
      }),
    )
  else print(planLines(prepared).join('\n'))
  return unsuitable.length ? exit.refused : exit.ok
}

/** What a kind is called on the command line, where its actions are those of another noun. */
const nouns: Partial<Record<Subject, string>> = { host: 'machine', node: 'cluster', resource: 'cluster' }

function tell(
  name: string,
  { title, asks, subject }: Change<never>,
  { kind, text, advice, next }: Outcome,
): void {
  if (kind === 'done') return print(say`${label(name)}: ${label(title)}: ${text}`)
  const lines = [say`${label(name)}: ${label(title)}: ${text}`, ...(advice ? [advice] : [])]
  if (next) {
    const noun = nouns[subject] ?? subject
    const options = asks.flatMap(({ id, flag }) => {
      const answer = next.answers[id]
      if (answer === undefined || (flag && answer !== 'yes')) return []
      return flag ? [`--${id}`] : [`--${id}`, answer]
    })
    lines.push(say`next: ${label(quote(['vdd', noun, next.verb, name, ...options]))}`)
  }
  warn(`vdd: ${lines.join('\n     ')}`)
}

/** Erase to the end of the line; every terminal that has a cursor has it, VT100 too. */
const clearLine = '\r\x1b[K'

/** Progress for people at a terminal: one line that is overwritten. */
function progressTo(name: Label, { json: asJson }: ChangeOptions) {
  if (asJson || !process.stderr.isTTY) return () => {}
  return ({ text, percent }: Progress) => {
    const how = percent === undefined ? text : say`${text} ${Math.round(percent)}%`
    process.stderr.write(`${clearLine}${name}: ${how}\r`)
  }
}

/** By what commander keeps the value of an option: `max-wait` is `maxWait`. */
function keyOf(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

function answersOf(asks: readonly Pick<Question<never>, 'id' | 'flag'>[], options: ChangeOptions): Answers {
  const given = asks.map(({ id, flag }) => {
    const value = options[keyOf(id)]
    return [id, flag ? (value ? 'yes' : 'no') : value] as const
  })
  return Object.fromEntries(given.filter((one): one is [string, string] => typeof one[1] === 'string'))
}

/** Shows the commands and asks at the terminal, in the measure of the risk; without a terminal `--yes` is needed. */
async function confirm(
  prepared: readonly Prepared[],
  unsuitable: readonly Result[],
  fleet: Fleet,
): Promise<void> {
  const [first] = prepared
  if (!first) return
  const { verb, title } = first.action
  if (!process.stdin.isTTY)
    throw new Failure(
      exit.usage,
      say`${label(verb)}: nobody to ask; add --yes, or --dry-run to see what would run`,
    )
  const name = nameOf(first.target as Target)
  const names = prepared.length > 1 ? `\n${listed(prepared, fleet.now())}` : ` ${name}\n`
  const plan = [
    ...planLines(prepared),
    ...new Set(prepared.flatMap(({ warnings }) => warnings)),
    ...unsuitable.map((one) => say`left out: ${label(one.name)}: ${one.outcome.text}`),
  ]
  warn(`${title}:${names}${plan.map((line) => `  ${line}`).join('\n')}`)
  const wanted = confirmation(prepared, fleet)
  const reply = await askLine(wanted ? `Type ${wanted} to do it: ` : 'Do it? [y/N] ')
  if (wanted ? reply !== wanted : reply.toLowerCase() !== 'y') throw new Failure(exit.refused, say`not done`)
}

/** Several as a table without a heading. */
function listed(prepared: readonly Prepared[], now: number): string {
  const rows = prepared.map((one) => rowOf(one, now))
  return table([], rows)
    .split('\n')
    .map((line) => (line ? `  ${line}` : line))
    .slice(1)
    .join('\n')
}

/** A line that is typed; the end of the input is an empty one. */
export async function askLine(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const line = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new AbortController()
  line.once('close', () => closed.abort())
  try {
    return (await line.question(question, { signal: closed.signal })).trim()
  } catch {
    return ''
  } finally {
    line.close()
  }
}
