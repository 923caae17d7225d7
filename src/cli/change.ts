import type { Answers, Change } from '../actions/action.ts'
import { type Outcome, prepare, run, stepText } from '../actions/run.ts'
import { nameOf } from '../actions/target.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { whoAmI } from '../fleet/journal.ts'
import type { HostRecord, MachineRecord } from '../fleet/model.ts'
import { type Label, label, labelLines, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'
import { json, print } from './output.ts'

/** What every verb that changes something takes; further the answers to its questions, by their ids. */
export interface ChangeOptions {
  readonly json?: boolean
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly wait?: boolean
  readonly timeout?: number
  readonly [question: string]: unknown
}

/** Plans all, asks once, does one after the other, and says how each ended. */
export async function change<T extends MachineRecord | HostRecord>(
  fleet: Fleet,
  action: Change<T>,
  targets: readonly T[],
  options: ChangeOptions,
  given: Answers = {},
): Promise<number> {
  const answers = { ...given, ...answersOf(action as Change<unknown>, options) }
  const plans = targets.map((target) => ({ target, ...prepare(action, target, answers, fleet) }))
  const refused = plans.find((plan) => 'refused' in plan)
  if (refused && 'refused' in refused)
    throw new Failure(exit.refused, say`${nameOf(refused.target)}: ${refused.refused}`)
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
  const results: { name: string; ok: boolean; message: Label; advice: Label | null }[] = []
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
  const failed = results.filter((result) => !result.ok)
  if (options.json && failed.length)
    throw new Failure(
      worst,
      failed.map(({ name, message }) => say`${label(name)}: ${message}`),
    )
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
function progressTo(name: Label, { json: asJson }: ChangeOptions) {
  if (asJson || !process.stderr.isTTY) return () => {}
  return ({ text, percent: done }: { text: Label; percent?: number }) =>
    void process.stderr.write(
      `\r${name}: ${text}${done === undefined ? '' : ` ${Math.round(done)}%`}      \r`,
    )
}

function answersOf(action: Change<unknown>, options: ChangeOptions): Answers {
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
      say`${label(action.verb)}: nobody to ask; add --yes, or --dry-run to see what would run`,
    )
  process.stderr.write(`${action.title}: ${names.join(', ')}\n${steps.map((step) => `  ${step}\n`).join('')}`)
  const { createInterface } = await import('node:readline/promises')
  const line = createInterface({ input: process.stdin, output: process.stderr })
  const typed = action.risk === 'destructive' ? names.join(', ') : 'y'
  const reply = await line.question(typed === 'y' ? 'Do it? [y/N] ' : `Type ${typed} to do it: `)
  line.close()
  if (reply.trim().toLowerCase() !== typed.toLowerCase()) throw new Failure(exit.refused, say`not done`)
}
