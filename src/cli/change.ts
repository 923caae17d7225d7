import { createInterface } from 'node:readline/promises'
import type { Answers, Change, Question } from '../actions/action.ts'
import { confirmation, type Prepared, prepare } from '../actions/prepare.ts'
import { type Outcome, type Progress, run } from '../actions/run.ts'
import { stepLines } from '../actions/step-text.ts'
import { nameOf, type Target } from '../actions/subjects.ts'

import type { Fleet } from '../fleet/fleet.ts'
import { whoAmI } from '../fleet/who.ts'
import { type Label, label, say } from '../hosts/label.ts'
import { quote } from '../hosts/quote.ts'
import type { Step } from '../services/step.ts'
import { exit, Failure } from './exit.ts'
import { json, print, warn } from './output.ts'

/** What every verb that changes something takes; further the answers to its questions, by their ids. */
export interface ChangeOptions {
  readonly json?: boolean
  readonly yes?: boolean
  /** also what a yes is not enough for */
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly wait?: boolean
  readonly timeout?: number
  /** the same as `timeout` */
  readonly maxWait?: number
  readonly [question: string]: unknown
}

/** Plans all, asks once, does one after the other, and says how each ended. */
export async function change<T extends Target>(
  fleet: Fleet,
  action: Change<T>,
  targets: readonly T[],
  options: ChangeOptions,
  given: Answers = {},
): Promise<number> {
  const answers = { ...given, ...answersOf(action.asks, options) }
  const missing = action.asks.find(({ id, needed }) => needed && answers[id] === undefined)
  if (missing) throw new Failure(exit.usage, say`--${label(missing.id)} ${label(missing.value)} is needed`)
  const prepared = targets.map((target) => {
    const one = prepare(action, target, answers, fleet, targets)
    if ('refused' in one)
      throw new Failure(one.wrong ? exit.usage : exit.refused, say`${nameOf(target)}: ${one.refused}`)
    return one
  })
  const steps = prepared.flatMap((one) => one.steps)
  const warnings = [...new Set(prepared.flatMap((one) => one.warnings))]
  if (options.dryRun) return dryRun(action.verb, steps, warnings, options)
  const insisting = prepared.find(({ insists }) => insists)
  if (options.yes && insisting && !options.force)
    throw new Failure(
      exit.refused,
      say`${nameOf(insisting.target)}: ${insisting.insists ?? say``}; --force does it nevertheless`,
    )
  if (!options.yes) await confirm(prepared as readonly Prepared[])
  const results: Result[] = []
  const timeout = options.timeout ?? options.maxWait
  for (const one of prepared) {
    const name = nameOf(one.target)
    const outcome = await run(one, fleet, {
      who: whoAmI(),
      // The next one is planned from what this one has done.
      wait: options.wait !== false || (action.oneByOne === true && one !== prepared.at(-1)),
      ...(timeout ? { timeout } : {}),
      onProgress: progressTo(name, options),
    })
    if (process.stderr.isTTY && !options.json) process.stderr.write(clearLine)
    results.push({ name: one.target.name, outcome })
    if (!options.json) tell(name, action as Change<never>, outcome)
  }
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

interface Result {
  readonly name: string
  readonly outcome: Outcome
}

const status: Record<Outcome['kind'], number> = {
  done: exit.ok,
  failed: exit.failed,
  unseen: exit.notSeen,
  refused: exit.refused,
  cancelled: exit.failed,
}

function resultJson({ name, outcome: { kind, text, advice } }: Result) {
  return { name, ok: kind === 'done', outcome: kind, message: text, advice: advice || null }
}

function dryRun(
  verb: string,
  steps: readonly Step[],
  warnings: readonly Label[],
  options: ChangeOptions,
): number {
  if (!options.json) for (const warning of warnings) warn(`vdd: ${warning}`)
  if (options.json)
    print(
      json({
        action: verb,
        warnings,
        steps: steps.map(({ host, argv, input, shown }) => ({
          host,
          argv,
          input: shown ? null : (input ?? null),
          shown: shown ?? null,
        })),
      }),
    )
  else print(steps.flatMap(stepLines).join('\n'))
  return exit.ok
}

function tell(
  name: Label,
  { title, asks, subject }: Change<never>,
  { kind, text, advice, next }: Outcome,
): void {
  if (kind === 'done') return print(say`${name}: ${label(title)}: ${text}`)
  const lines = [say`${name}: ${label(title)}: ${text}`, ...(advice ? [advice] : [])]
  if (next) {
    const noun = subject === 'frontend' ? 'frontend' : 'machine'
    const options = asks.flatMap(({ id }) =>
      next.answers[id] === undefined ? [] : [`--${id}`, next.answers[id]],
    )
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

function answersOf(asks: readonly Pick<Question<never>, 'id' | 'flag'>[], options: ChangeOptions): Answers {
  const given = asks.map(({ id, flag }) => {
    const value = options[id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())]
    return [id, flag ? (value ? 'yes' : 'no') : value] as const
  })
  return Object.fromEntries(given.filter((one): one is [string, string] => typeof one[1] === 'string'))
}

/** Shows the commands and asks at the terminal, in the measure of the risk; without a terminal `--yes` is needed. */
async function confirm(prepared: readonly Prepared[]): Promise<void> {
  const [first] = prepared
  if (!first) return
  const { verb, title } = first.action
  if (!process.stdin.isTTY)
    throw new Failure(
      exit.usage,
      say`${label(verb)}: nobody to ask; add --yes, or --dry-run to see what would run`,
    )
  const names = prepared.map(({ target }) => nameOf(target as Target)).join(', ')
  const plan = [
    ...prepared.flatMap(({ steps }) => steps).flatMap(stepLines),
    ...prepared.flatMap(({ warnings }) => warnings),
  ]
  warn(`${title}: ${names}\n${plan.map((line) => `  ${line}`).join('')}`)
  const wanted = confirmation(prepared)
  const reply = await ask(wanted ? `Type ${wanted} to do it: ` : 'Do it? [y/N] ')
  if (wanted ? reply !== wanted : reply.toLowerCase() !== 'y') throw new Failure(exit.refused, say`not done`)
}

/** A line that is typed; the end of the input is an empty one. */
async function ask(question: string): Promise<string> {
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
