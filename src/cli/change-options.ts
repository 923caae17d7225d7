import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Change } from '../actions/action.ts'
import type { Question } from '../actions/question.ts'
import { joined, label, say } from '../hosts/label.ts'
import { exit, Failure } from './exit.ts'

/** At most a week: longer than any change takes, and what a timer can hold. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 604_800))
    throw new InvalidArgumentError('more than 0 seconds, at most a week (604800)')
  return value
}

/** What is said twice would be lost once. */
function once(value: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError('it may be given once')
  return value
}

/** What is asked, and what is taken where nothing is said. */
function helpOf({ flag, text, needed, default: own, usual }: Question<unknown>): string {
  const taken = typeof own === 'string' ? own : usual
  const note = flag ? '' : needed ? ' (needed)' : taken === undefined ? '' : ` (default: ${taken})`
  // As the other options are described; "vCPUs" and "LDAP" are written so.
  const words = text.replace(/\?$/, '').replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase())
  return `${words}${note}`
}

/** What every verb of a change takes: its questions, whether to ask, and how long to wait. */
export function addChangeOptions(verb: Command, action: Change<unknown>): void {
  for (const question of action.asks) {
    const { id, flag, value } = question
    if (flag) verb.option(`--${id}`, helpOf(question))
    else
      verb.addOption(
        new Option(`--${id} <${value}>`, helpOf(question))
          .argParser(once)
          .makeOptionMandatory(question.needed ?? false),
      )
  }
  if (action.needsAny) verb.hook('preAction', () => requireAny(verb, action))
  if (!action.single && action.subject !== 'host') addCountOption(verb)
  if (action.insists) verb.option('--force', 'with --yes: also what a yes is not enough for')
  addCommonOptions(verb, String(action.patience))
}

/** Without any of them it would change nothing. Which host is meant changes nothing by itself. */
function requireAny(verb: Command, { asks }: Change<unknown>): void {
  const wanted = asks.filter(({ names }) => !names)
  const given = verb.opts<Record<string, unknown>>()
  if (wanted.some(({ id }) => given[id] !== undefined)) return
  const options = wanted.map(({ id, value }) => say`--${label(id)} <${label(value)}>`)
  throw new Failure(exit.usage, say`${joined(options, ' or ')} is needed`)
}

function howMany(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number, at least 1')
  return value
}

export function addCountOption(verb: Command): void {
  verb.option('--count <N>', 'how many these are meant to be; needed with --yes for many', howMany)
}

/** What every verb takes that changes something, whatever it asks; `patience`: how long it waits where nothing is said. */
export function addCommonOptions(verb: Command, patience: string): void {
  verb
    .optionsGroup('Options of every change:')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what would run')
    .addOption(new Option('--wait').hideHelp())
    .option('--no-wait', 'do not wait until it is seen')
    .option('--max-wait, --timeout <SECONDS>', `wait at most this long (default: ${patience})`, seconds)
    .option('--json', 'as JSON')
}
